//! Why a text is not the identifier it was taken for.

use std::fmt::Display;

use crate::excerpt::excerpt;

/// A text that breaks a rule of the identifier it was parsed as.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{value:?} is not a valid {kind}: {rule}")]
pub struct SyntaxError {
    kind: &'static str,
    value: String,
    rule: String,
}

impl SyntaxError {
    pub(super) fn new(kind: &'static str, value: &str, rule: impl Into<String>) -> Self {
        Self { kind, value: excerpt(value), rule: rule.into() }
    }

    /// The rule out of an error of the underlying parser, whose messages are `invalid KIND: "TEXT": RULE` or, for
    /// CIDs, `invalid CID: RULE`.
    pub(super) fn from_parser(kind: &'static str, value: &str, error: &impl Display) -> Self {
        let message = error.to_string();
        let quoted = format!("{value:?}: ");
        let rule =
            message.split_once(&quoted).or_else(|| message.split_once(": ")).map_or(&*message, |(_, r)| r);
        Self::new(kind, value, excerpt(rule))
    }

    /// Checks a maximum length first, so that no parser and no error message ever handles huge text.
    pub(super) fn check_length(kind: &'static str, value: &str, max_bytes: usize) -> Result<(), Self> {
        if value.len() <= max_bytes {
            return Ok(());
        }
        Err(Self::new(
            kind,
            value,
            format!("it is {} bytes long, at most {max_bytes} are allowed", value.len()),
        ))
    }

    /// What the text was parsed as: `DID`, `handle`, `NSID`, `record key`, `AT URI`, `TID`, `CID`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// The refused text, cut off after a short excerpt.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The rule it breaks.
    #[must_use]
    pub fn rule(&self) -> &str {
        &self.rule
    }
}
