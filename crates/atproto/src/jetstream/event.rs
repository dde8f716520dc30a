//! One event of the stream.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::error::Category;

use super::wire::WireEvent;
use super::{Account, Commit, FrameError, Identity, MAX_FRAME_BYTES};
use crate::excerpt::excerpt;
use crate::{Did, Tid};

/// Something that happened to an account.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The account.
    pub did: Did,
    /// When the Jetstream server saw it, in microseconds since 1970: the stream's cursor, not the time of the
    /// record. From 0 to the year 2255; whether it lies in the future is for those who have a clock.
    pub time_us: i64,
    /// What happened.
    pub kind: Kind,
}

/// What happened. A subscription's filters apply to commits only: identity and account events always arrive.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A record was created, updated or deleted.
    Commit(Commit),
    /// The DID document or the handle may have changed.
    Identity(Identity),
    /// The account was switched off or on.
    Account(Account),
    /// The repository is at another revision, and not by a commit that was told of: what is in it is to be looked at anew. Only servers of
    /// [version 2](super::v2) say so.
    Sync(Tid),
    /// A kind this version does not know. It moves the cursor and does nothing else.
    Unknown,
}

impl Event {
    /// Reads one uncompressed frame of at most [`MAX_FRAME_BYTES`].
    pub fn parse(frame: Bytes) -> Result<Self, FrameError> {
        Self::parse_within(frame, MAX_FRAME_BYTES)
    }

    /// Reads one uncompressed frame of at most `limit` bytes.
    ///
    /// A record in it stays a slice of the frame. It is one JSON value of unknown type and depth, to be given to
    /// [`record::inspect`](crate::data::record::inspect).
    #[expect(clippy::needless_pass_by_value, reason = "the event keeps the frame alive through its record")]
    pub fn parse_within(frame: Bytes, limit: usize) -> Result<Self, FrameError> {
        let wire: WireEvent<'_> = parsed(text_within(&frame, limit)?)?;
        let did = Did::parse(&wire.did).map_err(FrameError::BadDid)?;
        if !(0..Tid::MICROS_END).contains(&wire.time_us) {
            return Err(FrameError::BadTime(wire.time_us));
        }
        let kind = match &*wire.kind {
            "commit" => {
                let commit = wire.commit.ok_or(FrameError::MissingPayload("commit"))?;
                Kind::Commit(Commit::from_wire(&commit, &frame)?)
            }
            "identity" => {
                let identity = wire.identity.ok_or(FrameError::MissingPayload("identity"))?;
                Kind::Identity(Identity::from_wire(identity, &did)?)
            }
            "account" => {
                let account = wire.account.ok_or(FrameError::MissingPayload("account"))?;
                Kind::Account(Account::from_wire(account, &did)?)
            }
            _ => Kind::Unknown,
        };
        Ok(Self { did, time_us: wire.time_us, kind })
    }
}

/// The text of a frame of at most `limit` bytes.
pub(super) fn text_within(frame: &Bytes, limit: usize) -> Result<&str, FrameError> {
    if frame.len() > limit {
        return Err(FrameError::TooLarge { limit });
    }
    str::from_utf8(frame).map_err(|_| FrameError::NotUtf8)
}

/// The JSON of a frame, in the shape it has to have.
pub(super) fn parsed<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, FrameError> {
    serde_json::from_str(text).map_err(|error| {
        let detail = excerpt(&error.to_string());
        match error.classify() {
            Category::Data => FrameError::WrongShape(detail),
            Category::Syntax | Category::Eof | Category::Io => FrameError::NotJson(detail),
        }
    })
}
