//! One event of a block, as it is stored.

/// An event whose parts are not looked at yet: cheap to skip. [`event`](Row::event) reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    /// Its number: higher than that of every event before it, and never given to another.
    pub seq: u64,
    /// When the server saw it, in microseconds since 1970.
    pub witnessed_at: i64,
    /// The time to show instead, if it is not 0.
    pub shown_at: i64,
    /// What happened.
    pub kind: RowKind,
    /// The record's collection; empty unless the event is about a record.
    pub collection: &'a [u8],
    /// The account.
    pub did: &'a [u8],
    /// The record's key; empty unless the event is about a record.
    pub rkey: &'a [u8],
    /// The repository's revision; empty for accounts and identities.
    pub rev: &'a [u8],
    /// DAG-CBOR of the record, or of what the relay said.
    pub payload: &'a [u8],
}

/// What kind of event it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// A record is new.
    Create,
    /// A record was replaced.
    Update,
    /// A record is gone.
    Delete,
    /// The DID document or the handle may have changed.
    Identity,
    /// The account was switched off or on.
    Account,
    /// The repository jumped to another state.
    Sync,
    /// A record that the repository has after a [`Sync`](Self::Sync).
    Resync,
    /// A kind this version does not know.
    Unknown(u8),
}

impl RowKind {
    pub(super) fn from_byte(byte: u8) -> Self {
        match byte {
            1 => Self::Create,
            2 => Self::Update,
            3 => Self::Delete,
            4 => Self::Identity,
            5 => Self::Account,
            6 => Self::Sync,
            7 => Self::Resync,
            other => Self::Unknown(other),
        }
    }

    /// Whether the event is about one record.
    #[must_use]
    pub fn is_record(self) -> bool {
        matches!(self, Self::Create | Self::Update | Self::Delete | Self::Resync)
    }
}
