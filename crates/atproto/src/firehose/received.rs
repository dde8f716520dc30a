//! A `#commit` as it arrives: nothing it says is proven yet.

use bytes::Bytes;

use super::frame::{INCOMPLETE, file, number, optional_text, text};
use crate::cbor::{Item, Reader};
use crate::event_stream::{FrameError, key, once, pairs};
use crate::excerpt::excerpt;
use crate::mst::MAX_KEY_BYTES;
use crate::{Cid, Did, Tid};

/// Largest CAR file of a commit (sync 1.1).
pub const MAX_COMMIT_BYTES: usize = 2_000_000;

/// Most operations of a commit (sync 1.1).
pub const MAX_OPS: usize = 200;

/// What is said to have been done to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It is new.
    Create,
    /// It was replaced.
    Update,
    /// It is gone.
    Delete,
}

/// One operation of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedOp {
    /// What was done.
    pub action: Action,
    /// `collection/rkey`, in whatever characters; it is a key of the tree once it is proven.
    pub path: String,
    /// The record now; there is one unless it was deleted.
    pub cid: Option<Cid>,
    /// The record before, as far as the host says it.
    pub prev: Option<Cid>,
}

/// One commit of a repository, as somebody sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedCommit {
    /// Its number in the stream.
    pub seq: i64,
    /// Whose repository it is said to be.
    pub did: Did,
    /// The commit.
    pub commit: Cid,
    /// Its revision.
    pub rev: Tid,
    /// The revision before.
    pub since: Option<Tid>,
    /// A CAR file: the commit, the new records, and the nodes that prove the change.
    pub blocks: Bytes,
    /// What was done.
    pub ops: Vec<ReceivedOp>,
    /// The root of the tree before; hosts that have not learnt sync 1.1 do not say it.
    pub prev_data: Option<Cid>,
    /// Whether more was done than is said here, as hosts did before sync 1.1.
    pub too_big: bool,
    /// When the sender sent it, as RFC 3339; it has not been read.
    pub time: Option<String>,
}

pub(super) fn commit(reader: &mut Reader<'_>, frame: &Bytes) -> Result<ReceivedCommit, FrameError> {
    let (mut seq, mut did, mut commit, mut rev, mut blocks, mut ops) = (None, None, None, None, None, None);
    let (mut since, mut prev_data, mut too_big, mut time) = (None, None, None, None);
    for _ in 0..pairs(reader)? {
        match key(reader)? {
            "seq" => once(&mut seq, number(reader)?)?,
            "repo" => once(&mut did, Did::parse(text(reader)?)?)?,
            "commit" => once(&mut commit, link(reader)?.ok_or(INCOMPLETE)?)?,
            "rev" => once(&mut rev, Tid::parse(text(reader)?)?)?,
            "since" => once(&mut since, optional_text(reader)?.map(Tid::parse).transpose()?)?,
            "blocks" => once(&mut blocks, file(reader, frame, MAX_COMMIT_BYTES)?)?,
            "ops" => once(&mut ops, operations(reader)?)?,
            "prevData" => once(&mut prev_data, link(reader)?)?,
            "time" => once(&mut time, optional_text(reader)?.map(excerpt))?,
            "tooBig" => match reader.item()? {
                Item::Bool(is) => once(&mut too_big, is)?,
                _ => return Err(FrameError::WrongShape("whether it is too big is not said")),
            },
            _ => reader.skip()?,
        }
    }
    let all = seq.zip(did).zip(commit).zip(rev).zip(blocks).zip(ops);
    let (((((seq, did), commit), rev), blocks), ops) = all.ok_or(INCOMPLETE)?;
    let (since, prev_data, too_big) = (since.flatten(), prev_data.flatten(), too_big.unwrap_or_default());
    let time = time.flatten();
    Ok(ReceivedCommit { seq, did, commit, rev, since, blocks, ops, prev_data, too_big, time })
}

fn operations(reader: &mut Reader<'_>) -> Result<Vec<ReceivedOp>, FrameError> {
    let Item::Array(count) = reader.item()? else {
        return Err(FrameError::WrongShape("its operations are not an array"));
    };
    if count > MAX_OPS {
        return Err(FrameError::TooMany { what: "operations", limit: MAX_OPS });
    }
    (0..count).map(|_| operation(reader)).collect()
}

fn operation(reader: &mut Reader<'_>) -> Result<ReceivedOp, FrameError> {
    let (mut action, mut path, mut cid, mut prev) = (None, None, None, None);
    for _ in 0..pairs(reader)? {
        match key(reader)? {
            "action" => once(&mut action, named(text(reader)?)?)?,
            "path" => once(&mut path, text(reader)?)?,
            "cid" => once(&mut cid, link(reader)?)?,
            "prev" => once(&mut prev, link(reader)?)?,
            _ => reader.skip()?,
        }
    }
    let (action, path) = action.zip(path).ok_or(INCOMPLETE)?;
    if path.len() > MAX_KEY_BYTES {
        return Err(FrameError::TooLarge { limit: MAX_KEY_BYTES });
    }
    Ok(ReceivedOp { action, path: path.to_owned(), cid: cid.flatten(), prev: prev.flatten() })
}

fn named(action: &str) -> Result<Action, FrameError> {
    match action {
        "create" => Ok(Action::Create),
        "update" => Ok(Action::Update),
        "delete" => Ok(Action::Delete),
        _ => Err(FrameError::WrongShape("an operation is neither create nor update nor delete")),
    }
}

fn link(reader: &mut Reader<'_>) -> Result<Option<Cid>, FrameError> {
    match reader.item()? {
        Item::Link(cid) => Ok(Some(cid)),
        Item::Null => Ok(None),
        _ => Err(FrameError::WrongShape("a field that is a link is not")),
    }
}
