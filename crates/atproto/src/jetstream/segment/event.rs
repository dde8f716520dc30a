//! One event of a segment, read.

use super::super::wire::{WireAccount, WireIdentity};
use super::super::{Account, FrameError, Identity};
use super::{Row, RowError, RowKind};
use crate::data::{Limits, record};
use crate::excerpt::excerpt;
use crate::{Cid, Did, Nsid, RecordKey, Tid};

/// Something that happened to an account.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its number at the server that has the segment.
    pub seq: u64,
    /// The account.
    pub did: Did,
    /// When the server saw it, in microseconds since 1970. For events from before the server existed, that is when it
    /// copied the repository.
    pub time_us: i64,
    /// What happened.
    pub kind: Kind,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A record was written or deleted.
    Record(RecordChange),
    /// Everything that the repository held before is void; the records it has at this revision follow.
    Sync {
        /// The revision it jumped to.
        rev: Tid,
    },
    /// The account was switched off or on. If it was deleted, its records are gone.
    Account(Account),
    /// The DID document or the handle may have changed.
    Identity(Identity),
    /// A kind this version does not know.
    Unknown,
}

/// What became of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordChange {
    /// The record's collection.
    pub collection: Nsid,
    /// The record's key within it.
    pub rkey: RecordKey,
    /// The repository's revision after the change: of two changes of one record the one with the higher revision is
    /// newer. For what a server copied when it first met a repository, the revision of that copy.
    pub rev: Tid,
    /// The record as it now is; `None`: it is gone.
    pub record: Option<StoredRecord>,
}

/// A record in storable form.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRecord {
    /// Its content as JSON.
    pub json: String,
    /// Of the bytes the server stored.
    pub cid: Cid,
    /// The `at://` strings in `json`, without repetition.
    pub refs: Vec<String>,
}

impl Row<'_> {
    /// Reads the event, its record within `limits`. An error means that this event must be dropped.
    pub fn event(&self, limits: &Limits) -> Result<Event, RowError> {
        let did = Did::parse(text(self.did)?).map_err(RowError::BadDid)?;
        if !(0..Tid::MICROS_END).contains(&self.witnessed_at) {
            return Err(RowError::BadTime(self.witnessed_at));
        }
        let kind = match self.kind {
            RowKind::Create | RowKind::Update | RowKind::Resync => {
                let record = record::decode(self.payload, limits).map_err(RowError::BadRecord)?;
                let cid = Cid::dag_cbor_sha256(self.payload);
                Kind::Record(self.change(Some(StoredRecord { json: record.json, cid, refs: record.refs }))?)
            }
            RowKind::Delete => Kind::Record(self.change(None)?),
            RowKind::Sync => Kind::Sync { rev: self.rev()? },
            RowKind::Account => {
                let json = self.message(limits)?;
                let wire: WireAccount<'_> = serde_json::from_str(&json).map_err(|error| shape(&error))?;
                Kind::Account(Account::from_wire(wire, &did).map_err(RowError::BadAccount)?)
            }
            RowKind::Identity => {
                let json = self.message(limits)?;
                let wire: WireIdentity<'_> = serde_json::from_str(&json).map_err(|error| shape(&error))?;
                Kind::Identity(Identity::from_wire(wire, &did).map_err(RowError::BadAccount)?)
            }
            RowKind::Unknown(_) => Kind::Unknown,
        };
        Ok(Event { seq: self.seq, did, time_us: self.witnessed_at, kind })
    }

    fn change(&self, record: Option<StoredRecord>) -> Result<RecordChange, RowError> {
        Ok(RecordChange {
            collection: Nsid::parse(text(self.collection)?).map_err(RowError::BadCollection)?,
            rkey: RecordKey::parse(text(self.rkey)?).map_err(RowError::BadRkey)?,
            rev: self.rev()?,
            record,
        })
    }

    fn rev(&self) -> Result<Tid, RowError> {
        Tid::parse(text(self.rev)?).map_err(RowError::BadRev)
    }

    fn message(&self, limits: &Limits) -> Result<String, RowError> {
        Ok(record::decode(self.payload, limits).map_err(RowError::BadRecord)?.json)
    }
}

fn text(bytes: &[u8]) -> Result<&str, RowError> {
    str::from_utf8(bytes).map_err(|_| RowError::NotUtf8)
}

fn shape(error: &serde_json::Error) -> RowError {
    RowError::BadAccount(FrameError::WrongShape(excerpt(&error.to_string())))
}
