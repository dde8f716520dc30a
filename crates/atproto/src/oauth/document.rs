//! Reading the documents servers and clients publish.

use serde::de::DeserializeOwned;

use crate::data::{self, DataError, Limits};

/// Bounds of a document or an answer. Real ones have less than 4 kB.
const LIMITS: Limits = Limits { bytes: 64 << 10, depth: 16 };

/// A document or an answer that must not be acted on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// Not acceptable as JSON, or members are absent or of the wrong type.
    #[error("the {document} cannot be read: {source}")]
    Unreadable {
        /// What was read.
        document: &'static str,
        /// What is wrong with the JSON.
        source: DataError,
    },
    /// A member that breaks a rule of the profile.
    #[error("{member:?} of the {document} {rule}")]
    Member {
        /// What was read.
        document: &'static str,
        /// The member.
        member: &'static str,
        /// The rule it breaks, such as `must be true`.
        rule: &'static str,
    },
}

pub(super) fn read<T: DeserializeOwned>(document: &'static str, json: &[u8]) -> Result<T, DocumentError> {
    data::parse_as(json, &LIMITS).map_err(|source| DocumentError::Unreadable { document, source })
}

/// The rules of one kind of document.
pub(super) struct Rules(pub(super) &'static str);

impl Rules {
    pub(super) fn require(
        &self,
        holds: bool,
        member: &'static str,
        rule: &'static str,
    ) -> Result<(), DocumentError> {
        if holds { Ok(()) } else { Err(DocumentError::Member { document: self.0, member, rule }) }
    }
}

/// Whether a list of text has this item.
pub(super) fn lists(list: &[String], item: &str) -> bool {
    list.iter().any(|listed| listed == item)
}
