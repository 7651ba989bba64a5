//! The calls into the other stages, in one place.

use super::error::Error;

/// A stage that this build does not have.
pub fn missing(stage: &str) -> Error {
    Error::new(format!("`{stage}` is not part of this build"))
}
