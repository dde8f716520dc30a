//! Why a DID document cannot be believed.

use crate::Did;
use crate::data::DataError;

/// A DID document that cannot be believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DidDocError {
    /// Not acceptable as JSON.
    #[error("the DID document of {did} cannot be read: {source}")]
    Unreadable {
        /// The DID that was resolved.
        did: Did,
        /// What is wrong with the JSON.
        source: DataError,
    },
    /// Its `id` is another one, or absent.
    #[error("the DID document of {expected} is that of {found:?}")]
    WrongId {
        /// The DID that was resolved.
        expected: Did,
        /// An excerpt of what the document says.
        found: String,
    },
}
