//! A stretch of a collection, complete.

use std::ops::Bound;

use atproto::{Cid, Did, Nsid, RecordKey, Tid};

/// All records of a collection between two record keys, as the repository's host has them.
///
/// A record between the keys that is not among `records` does not exist at `rev`.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The repository.
    pub did: Did,
    /// The collection within it.
    pub collection: Nsid,
    /// The repository was at this revision or a later one when the part was read: what was written at `rev` or before is
    /// taken into account.
    pub rev: Tid,
    /// When the host was asked for the part, in microseconds since the epoch.
    pub asked_at: i64,
    /// The stretch of record keys, in the order of their bytes.
    pub keys: (Bound<RecordKey>, Bound<RecordKey>),
    /// What is there, each key once, in any order.
    pub records: Vec<Found>,
    /// Whether the author's signature covers it. Otherwise it is the host's word.
    pub proven: bool,
}

/// One record that was found, in storable form.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its key.
    pub rkey: RecordKey,
    /// Its content: a JSON object that both engines accept.
    pub json: String,
    /// Of the content, checked.
    pub cid: Cid,
    /// The `at://` strings in `json`, without repetition.
    pub refs: Vec<String>,
}
