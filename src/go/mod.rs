//! Facts about Go source: syntax, imports, scope, versions, flow. Pure functions over text; the only users of the
//! grammar besides query compilation. What cannot be known is said to be unknown.

pub mod control;
pub mod flow;
pub mod imports;
pub mod index;
pub mod kinds;
mod mask;
pub mod scope;
pub mod syntax;
mod tokens;
pub mod types;
pub mod version;
