//! Messages as they arrive.

use bytes::Bytes;

use super::received::{self, ReceivedCommit};
use crate::cbor::{Item, Reader};
use crate::event_stream::{FrameError, Header, key, once, pairs, told};
use crate::excerpt::excerpt;
use crate::jetstream::{Account, AccountStatus, Identity};
use crate::{Did, Handle, Tid};

/// Largest frame that is read: two and a half times the largest commit.
pub const MAX_FRAME_BYTES: usize = 5 << 20;

/// Largest CAR file of a `#sync`: one commit.
const MAX_SYNC_BYTES: usize = 10_000;

/// One message of the stream.
#[derive(Debug, Clone, PartialEq)]
pub enum Frame {
    /// `#commit`.
    Commit(Box<ReceivedCommit>),
    /// `#sync`.
    Sync(ReceivedSync),
    /// `#identity`: the DID's document or handle may have changed.
    Identity {
        /// Its number in the stream.
        seq: i64,
        /// Whose.
        did: Did,
        /// What is said of it.
        identity: Identity,
    },
    /// `#account`: whether the host that sends it serves the repository.
    Account {
        /// Its number in the stream.
        seq: i64,
        /// Whose.
        did: Did,
        /// What is said of it.
        account: Account,
    },
    /// `#info`: about the stream itself, such as `OutdatedCursor`.
    Info {
        /// What it is about.
        name: String,
        /// For people.
        message: Option<String>,
    },
    /// The host ends the stream, for instance with `FutureCursor`.
    Error {
        /// What is wrong.
        error: String,
        /// For people.
        message: Option<String>,
    },
    /// A type that is not known, to be passed over.
    Unknown,
}

/// The repository is at this revision, whatever was said before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedSync {
    /// Its number in the stream.
    pub seq: i64,
    /// Whose repository.
    pub did: Did,
    /// The revision that it is at.
    pub rev: Tid,
    /// A CAR file of the commit alone.
    pub blocks: Bytes,
    /// When the sender sent it, as RFC 3339; it has not been read.
    pub time: Option<String>,
}

impl Frame {
    /// Reads the bytes of one WebSocket message. CAR files in it stay slices of it.
    pub fn decode(bytes: &Bytes) -> Result<Self, FrameError> {
        if bytes.len() > MAX_FRAME_BYTES {
            return Err(FrameError::TooLarge { limit: MAX_FRAME_BYTES });
        }
        let mut reader = Reader::new(bytes);
        let frame = match Header::read(&mut reader)? {
            Header::Message("#commit") => Self::Commit(Box::new(received::commit(&mut reader, bytes)?)),
            Header::Message("#sync") => Self::Sync(sync(&mut reader, bytes)?),
            Header::Message("#identity") => identity(&mut reader)?,
            Header::Message("#account") => account(&mut reader)?,
            Header::Message("#info") => {
                let (name, message) = told(&mut reader, "name")?;
                Self::Info { name, message }
            }
            Header::Message(_) => {
                reader.skip()?;
                Self::Unknown
            }
            Header::Error => {
                let (error, message) = told(&mut reader, "error")?;
                Self::Error { error, message }
            }
        };
        reader.end()?;
        Ok(frame)
    }

    /// Its number in the stream, if it has one: the cursor once it has been dealt with.
    #[must_use]
    pub fn seq(&self) -> Option<i64> {
        match self {
            Self::Commit(commit) => Some(commit.seq),
            Self::Sync(ReceivedSync { seq, .. }) | Self::Identity { seq, .. } | Self::Account { seq, .. } => {
                Some(*seq)
            }
            Self::Info { .. } | Self::Error { .. } | Self::Unknown => None,
        }
    }

    /// When the sender sent it, as RFC 3339; it has not been read.
    #[must_use]
    pub fn time(&self) -> Option<&str> {
        match self {
            Self::Commit(commit) => commit.time.as_deref(),
            Self::Sync(sync) => sync.time.as_deref(),
            Self::Identity { identity, .. } => identity.time.as_deref(),
            Self::Account { account, .. } => account.time.as_deref(),
            Self::Info { .. } | Self::Error { .. } | Self::Unknown => None,
        }
    }
}

fn sync(reader: &mut Reader<'_>, frame: &Bytes) -> Result<ReceivedSync, FrameError> {
    let (mut seq, mut did, mut rev, mut blocks, mut time) = (None, None, None, None, None);
    for _ in 0..pairs(reader)? {
        match key(reader)? {
            "seq" => once(&mut seq, number(reader)?)?,
            "did" => once(&mut did, Did::parse(text(reader)?)?)?,
            "rev" => once(&mut rev, Tid::parse(text(reader)?)?)?,
            "blocks" => once(&mut blocks, file(reader, frame, MAX_SYNC_BYTES)?)?,
            "time" => once(&mut time, optional_text(reader)?.map(excerpt))?,
            _ => reader.skip()?,
        }
    }
    let (((seq, did), rev), blocks) = seq.zip(did).zip(rev).zip(blocks).ok_or(INCOMPLETE)?;
    Ok(ReceivedSync { seq, did, rev, blocks, time: time.flatten() })
}

fn identity(reader: &mut Reader<'_>) -> Result<Frame, FrameError> {
    let (mut seq, mut did, mut handle, mut time) = (None, None, None, None);
    for _ in 0..pairs(reader)? {
        match key(reader)? {
            "seq" => once(&mut seq, number(reader)?)?,
            "did" => once(&mut did, Did::parse(text(reader)?)?)?,
            // A hint that is none is no hint.
            "handle" => once(&mut handle, optional_text(reader)?.and_then(|text| Handle::parse(text).ok()))?,
            "time" => once(&mut time, optional_text(reader)?.map(excerpt))?,
            _ => reader.skip()?,
        }
    }
    let (seq, did) = seq.zip(did).ok_or(INCOMPLETE)?;
    let identity = Identity { handle: handle.flatten(), seq: Some(seq), time: time.flatten() };
    Ok(Frame::Identity { seq, did, identity })
}

fn account(reader: &mut Reader<'_>) -> Result<Frame, FrameError> {
    let (mut seq, mut did, mut active, mut status, mut time) = (None, None, None, None, None);
    for _ in 0..pairs(reader)? {
        match key(reader)? {
            "seq" => once(&mut seq, number(reader)?)?,
            "did" => once(&mut did, Did::parse(text(reader)?)?)?,
            "active" => match reader.item()? {
                Item::Bool(is) => once(&mut active, is)?,
                _ => return Err(FrameError::WrongShape("whether it is active is not said")),
            },
            "status" => once(&mut status, optional_text(reader)?.map(AccountStatus::parse))?,
            "time" => once(&mut time, optional_text(reader)?.map(excerpt))?,
            _ => reader.skip()?,
        }
    }
    let ((seq, did), active) = seq.zip(did).zip(active).ok_or(INCOMPLETE)?;
    let account = Account { active, status: status.flatten(), seq: Some(seq), time: time.flatten() };
    Ok(Frame::Account { seq, did, account })
}

/// What every message needs to mean anything.
pub(super) const INCOMPLETE: FrameError = FrameError::WrongShape("one of its fields is missing");

pub(super) fn number(reader: &mut Reader<'_>) -> Result<i64, FrameError> {
    match reader.item()? {
        Item::Unsigned(number) => {
            i64::try_from(number).map_err(|_| FrameError::WrongShape("its number is too large"))
        }
        _ => Err(FrameError::WrongShape("its number is none")),
    }
}

pub(super) fn text<'b>(reader: &mut Reader<'b>) -> Result<&'b str, FrameError> {
    optional_text(reader)?.ok_or(FrameError::WrongShape("a field that is text is null"))
}

pub(super) fn optional_text<'b>(reader: &mut Reader<'b>) -> Result<Option<&'b str>, FrameError> {
    match reader.item()? {
        Item::Text(text) => Ok(Some(text)),
        Item::Null => Ok(None),
        _ => Err(FrameError::WrongShape("a field that is text is not")),
    }
}

/// A CAR file in the frame, which is lent and not copied.
pub(super) fn file(reader: &mut Reader<'_>, frame: &Bytes, limit: usize) -> Result<Bytes, FrameError> {
    match reader.item()? {
        Item::Bytes(file) if file.len() > limit => Err(FrameError::TooLarge { limit }),
        Item::Bytes(file) => Ok(frame.slice_ref(file)),
        _ => Err(FrameError::WrongShape("its blocks are not bytes")),
    }
}
