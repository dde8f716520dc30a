//! What enters the index, whatever source it came from.

use atproto::{Cid, Did, Nsid, RecordKey, Tid};

use crate::RepoStatus;

/// One operation on one record, checked and in storable form.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordEvent {
    /// The repository.
    pub did: Did,
    /// The collection within it.
    pub collection: Nsid,
    /// The record within that.
    pub rkey: RecordKey,
    /// The repository's revision after the operation; decides between two events about one record.
    pub rev: Tid,
    /// When it arrived here, in microseconds; unique among the events of one source, so that it orders them.
    pub seen_at: i64,
    /// When it was made, in microseconds, if that is known better than by when it arrived: history arrives late.
    pub made_at: Option<i64>,
    /// What happened.
    pub action: RecordAction,
}

/// What can happen to a record. Creating and updating are told apart by what is here already.
#[derive(Clone, Debug, PartialEq)]
pub enum RecordAction {
    /// The record now has this content.
    Put {
        /// A JSON object that both engines accept.
        json: String,
        /// Of the content as its author signed it; `None` when the source did not say.
        cid: Option<Cid>,
        /// The `at://` strings in `json`, without repetition.
        refs: Vec<String>,
    },
    /// The record is gone.
    Delete,
    /// The record is there and left out, by a decision made here that holds for this version of it.
    Withhold {
        /// Of the version; `None` if its author's CID is not known.
        cid: Option<Cid>,
    },
}

/// One event of a source, in its order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Event {
    Record(RecordEvent),
    /// The account's status changed.
    Account {
        did: Did,
        status: RepoStatus,
        seen_at: i64,
    },
    /// The account's handle, keys or host may have changed: nothing here depends on it but caches.
    Identity {
        did: Did,
    },
}
