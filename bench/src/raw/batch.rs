//! What a stretch of the stream changes in the index, row by row, worked out beforehand.

use std::sync::Arc;

use crate::synth::Record;

/// Rows to write in one transaction. Within each list they are sorted by the key of their table.
#[derive(Debug, Default)]
pub struct Batch {
    /// New repositories: id and DID.
    pub repos: Vec<(i64, String)>,
    /// Repositories whose status changed: id and status.
    pub statuses: Vec<(i64, i64)>,
    /// Records and tombstones.
    pub rows: Vec<Row>,
    /// Backlinks that go: target, collection and id of the source.
    pub links_gone: Vec<(String, i64, i64)>,
    /// Backlinks that come.
    pub links_new: Vec<(String, i64, i64)>,
    /// One row per effect, in the order of the stream.
    pub changes: Vec<Change>,
    /// How many visible records more each collection has, by collection id.
    pub counts: Vec<(i64, i64)>,
    /// The `time_us` of the last event covered.
    pub cursor: i64,
}

/// A change of one row of `record_rows`.
#[derive(Debug)]
pub struct Row {
    /// The row's id.
    pub id: i64,
    /// What happens to it.
    pub write: Write,
}

/// What happens to a row.
#[derive(Debug)]
pub enum Write {
    /// It comes into being, as a record or as a tombstone.
    Insert {
        /// Collection id, repository id and record key.
        key: (i64, i64, String),
        /// Its other columns.
        state: State,
    },
    /// It gets new content, or becomes a tombstone.
    Update(State),
    /// It appears or disappears because its account does.
    Show(bool),
    /// It goes with its account.
    Purge,
}

/// The columns of a row that change with the record.
#[derive(Debug)]
pub struct State {
    /// The revision as a number.
    pub rev: i64,
    /// When, in microseconds.
    pub time_us: i64,
    /// `None` for a tombstone.
    pub record: Option<Arc<Record>>,
    /// Whether queries see it.
    pub visible: bool,
}

/// A row of the change log.
#[derive(Debug)]
pub struct Change {
    /// Microseconds.
    pub at: i64,
    /// 1 create, 2 update, 3 delete, 4 account status.
    pub action: i64,
    /// Repository id.
    pub repo: i64,
    /// Collection id, record key and revision, unless the account itself changed.
    pub record: Option<(i64, String, i64)>,
}
