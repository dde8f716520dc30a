//! What a repository is asked to do.

use atproto::{Nsid, RecordKey};
use serde_json::{Map, Value};

/// One write to one record. Which repository it goes to is decided by the [`RepoWriter`](super::RepoWriter) alone.
#[derive(Clone, Debug, PartialEq)]
pub enum RepoWrite {
    /// Makes a record (`com.atproto.repo.createRecord`).
    Create {
        /// Where.
        collection: Nsid,
        /// Its key, if it is not for the repository's server to choose.
        rkey: Option<RecordKey>,
        /// Its content, `$type` included.
        record: Map<String, Value>,
    },
    /// Makes or replaces a record (`com.atproto.repo.putRecord`).
    Put {
        /// Where.
        collection: Nsid,
        /// Which.
        rkey: RecordKey,
        /// Its new content, `$type` included.
        record: Map<String, Value>,
    },
    /// Removes a record, if it is there (`com.atproto.repo.deleteRecord`).
    Delete {
        /// Where.
        collection: Nsid,
        /// Which.
        rkey: RecordKey,
    },
}

impl RepoWrite {
    /// The collection it writes to.
    #[must_use]
    pub fn collection(&self) -> &Nsid {
        match self {
            Self::Create { collection, .. }
            | Self::Put { collection, .. }
            | Self::Delete { collection, .. } => collection,
        }
    }

    /// The key it asks for, if it asks for one.
    #[must_use]
    pub fn rkey(&self) -> Option<&RecordKey> {
        match self {
            Self::Create { rkey, .. } => rkey.as_ref(),
            Self::Put { rkey, .. } | Self::Delete { rkey, .. } => Some(rkey),
        }
    }

    /// What is to be written; nothing when something is removed.
    #[must_use]
    pub fn record(&self) -> Option<&Map<String, Value>> {
        match self {
            Self::Create { record, .. } | Self::Put { record, .. } => Some(record),
            Self::Delete { .. } => None,
        }
    }
}
