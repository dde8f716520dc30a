//! A change of one record.

use bytes::Bytes;

use super::FrameError;
use super::wire::WireCommit;
use crate::excerpt::excerpt;
use crate::{Cid, Nsid, RecordKey, Tid};

/// One operation of a repository commit; a commit with several arrives as several events of the same `rev`.
#[derive(Debug, Clone, PartialEq)]
pub struct Commit {
    /// The repository's revision after the commit: of two changes of one record the one with the higher `rev` is
    /// newer, whatever the order of arrival.
    pub rev: Tid,
    /// The record's collection.
    pub collection: Nsid,
    /// The record's key within it.
    pub rkey: RecordKey,
    /// What was done.
    pub operation: Operation,
}

/// What was done to the record.
#[derive(Debug, Clone, PartialEq)]
pub enum Operation {
    /// It is new.
    Create(Written),
    /// It was replaced; if it is not known here, treat it as new.
    Update(Written),
    /// It is gone.
    Delete,
}

/// The record as it now is.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// One JSON value, not yet inspected: a slice of the frame.
    pub json: Bytes,
    /// The CID the stream announces for it.
    pub cid: Option<Cid>,
}

impl Operation {
    /// `create`, `update` or `delete`, as on the wire.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Create(_) => "create",
            Self::Update(_) => "update",
            Self::Delete => "delete",
        }
    }

    /// The record, unless it was deleted.
    #[must_use]
    pub fn written(&self) -> Option<&Written> {
        match self {
            Self::Create(written) | Self::Update(written) => Some(written),
            Self::Delete => None,
        }
    }
}

impl Commit {
    /// `frame` is what `wire` borrows from.
    pub(super) fn from_wire(wire: &WireCommit<'_>, frame: &Bytes) -> Result<Self, FrameError> {
        let written = || {
            let json = wire.record.ok_or(FrameError::MissingRecord)?.get();
            let cid = wire.cid.as_deref().map(Cid::parse).transpose().map_err(FrameError::BadCid)?;
            Ok(Written { json: frame.slice_ref(json.as_bytes()), cid })
        };
        let operation = match &*wire.operation {
            "create" => Operation::Create(written()?),
            "update" => Operation::Update(written()?),
            "delete" => Operation::Delete,
            other => return Err(FrameError::UnknownOperation(excerpt(other))),
        };
        Ok(Self {
            rev: Tid::parse(&wire.rev).map_err(FrameError::BadRev)?,
            collection: Nsid::parse(&wire.collection).map_err(FrameError::BadCollection)?,
            rkey: RecordKey::parse(&wire.rkey).map_err(FrameError::BadRkey)?,
            operation,
        })
    }
}
