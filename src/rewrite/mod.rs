//! The rewrite stage.
