//! What can be asked for and what comes of it.

use atproto::{AtUri, Cid, Nsid, RecordKey, Tid};
use serde_json::{Map, Value};

/// One write to one record.
#[derive(Clone, Debug, PartialEq)]
pub enum Write {
    /// Makes a record that must not be there.
    Create {
        /// Where.
        collection: Nsid,
        /// Its key; a new one by default.
        rkey: Option<RecordKey>,
        /// Its content; a `$type` that is missing is added.
        record: Map<String, Value>,
    },
    /// Makes or replaces a record.
    Put {
        /// Where.
        collection: Nsid,
        /// Which.
        rkey: RecordKey,
        /// Its new content; a `$type` that is missing is added.
        record: Map<String, Value>,
        /// What must be there now (`swapRecord`).
        expected: Expected,
    },
    /// Removes a record, if it is there.
    Delete {
        /// Where.
        collection: Nsid,
        /// Which.
        rkey: RecordKey,
        /// What must be there now (`swapRecord`).
        expected: Expected,
    },
}

/// What a record must be for a write to happen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expected {
    /// Whatever it is.
    #[default]
    Anything,
    /// Not there.
    Nothing,
    /// This version.
    Version(Cid),
}

/// A commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommitId {
    /// Of its block.
    pub cid: Cid,
    /// The revision it made.
    pub rev: Tid,
}

/// What became of one write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The record.
    pub uri: AtUri,
    /// Of its content; `None` if it is removed.
    pub cid: Option<Cid>,
}

/// What became of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The commit; `None` if everything was as it should be already.
    pub commit: Option<CommitId>,
    /// One for each write, in their order.
    pub written: Vec<Written>,
}

impl Write {
    pub(super) fn expected(&self) -> Expected {
        match self {
            Self::Create { .. } => Expected::Nothing,
            Self::Put { expected, .. } | Self::Delete { expected, .. } => *expected,
        }
    }
}

impl Expected {
    /// Whether what is there is what was meant.
    pub(super) fn admits(self, found: Option<Cid>) -> bool {
        match self {
            Self::Anything => true,
            Self::Nothing => found.is_none(),
            Self::Version(cid) => found == Some(cid),
        }
    }
}
