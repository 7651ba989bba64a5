//! Facts about Go source: syntax, imports, scope, versions, flow. Pure functions over text; the only users of the
//! grammar besides query compilation. What cannot be known is said to be unknown.

pub mod control;
pub mod imports;
mod mask;
pub mod syntax;
mod tokens;
pub mod version;
