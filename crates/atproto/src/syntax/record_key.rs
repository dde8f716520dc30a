//! Record keys.

use std::sync::Arc;

use super::SyntaxError;

const KIND: &str = "record key";

/// The name of a record within its collection: usually a TID, `self` for singletons.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordKey(Arc<str>);

impl RecordKey {
    /// Longest accepted text.
    pub const MAX_BYTES: usize = 512;

    /// Parses a record key; record keys are case-sensitive.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        SyntaxError::check_length(KIND, text, Self::MAX_BYTES)?;
        match shrike::syntax::RecordKey::try_from(text) {
            Ok(_) => Ok(Self(text.into())),
            Err(error) => Err(SyntaxError::from_parser(KIND, text, &error)),
        }
    }
}

super::text_identifier!(RecordKey, "a record key");
