//! Why a text is no scope.

use crate::excerpt::excerpt;

/// A text that grants nothing, because it is no scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{scope:?} is not a scope: {rule}")]
pub struct ScopeError {
    scope: String,
    rule: &'static str,
}

impl ScopeError {
    pub(super) fn new(scope: &str, rule: &'static str) -> Self {
        Self { scope: excerpt(scope), rule }
    }
}
