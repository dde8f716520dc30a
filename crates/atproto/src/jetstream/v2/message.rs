//! One message of the stream.

use std::borrow::Cow;

use bytes::Bytes;

use super::wire::{WireMessage, WirePayload};
use crate::event_stream::micros;
use crate::excerpt::excerpt;
use crate::jetstream::account::check_did;
use crate::jetstream::event::{parsed, text_within};
use crate::jetstream::wire::WireCommit;
use crate::jetstream::{Account, Commit, Event, FrameError, Identity, Kind, MAX_FRAME_BYTES};
use crate::{Did, Tid};

/// Something that a server says.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// Something that happened to an account.
    Event(Event),
    /// Something about the stream, which goes on. `OutdatedCursor`: what was asked for is forgotten, and what follows is the oldest there
    /// is.
    Info {
        /// What it is about.
        name: String,
    },
    /// Why the stream ends.
    Error {
        /// `ConsumerTooSlow` and the like.
        name: String,
        /// The same as a sentence; empty if there is none.
        message: String,
    },
    /// A message of a kind that this version does not know.
    Unknown,
}

impl Message {
    /// Reads one uncompressed frame of at most [`MAX_FRAME_BYTES`]. A record in it stays a slice of the frame, as with
    /// [`Event::parse`].
    #[expect(clippy::needless_pass_by_value, reason = "the event keeps the frame alive through its record")]
    pub fn parse(frame: Bytes) -> Result<Self, FrameError> {
        let wire: WireMessage<'_> = parsed(text_within(&frame, MAX_FRAME_BYTES)?)?;
        let told = |text: Option<Cow<'_, str>>| text.as_deref().map(excerpt).unwrap_or_default();
        match &*wire.kind {
            "error" => Ok(Self::Error { name: told(wire.error), message: told(wire.message) }),
            "message" => {
                let payload = wire.payload.ok_or(FrameError::MissingPayload("payload"))?;
                let kind = payload.kind.rsplit_once('#').map(|(_, kind)| kind.to_owned());
                match kind.as_deref() {
                    Some("info") => Ok(Self::Info { name: told(payload.name) }),
                    Some(kind @ ("commit" | "identity" | "account" | "sync")) => {
                        event(kind, payload, &frame).map(Self::Event)
                    }
                    _ => Ok(Self::Unknown),
                }
            }
            _ => Ok(Self::Unknown),
        }
    }
}

fn event(kind: &str, payload: WirePayload<'_>, frame: &Bytes) -> Result<Event, FrameError> {
    let did = Did::parse(&payload.did.unwrap_or_default()).map_err(FrameError::BadDid)?;
    let time = payload.time.unwrap_or_default();
    let time_us = micros(&time).filter(|micros| *micros < Tid::MICROS_END);
    let time_us = time_us.ok_or_else(|| FrameError::BadTimestamp(excerpt(&time)))?;
    let kind = match kind {
        "commit" => {
            let absent = |field| FrameError::MissingPayload(field);
            let commit = WireCommit {
                rev: payload.rev.ok_or(absent("rev"))?,
                operation: payload.operation.ok_or(absent("operation"))?,
                collection: payload.collection.ok_or(absent("collection"))?,
                rkey: payload.rkey.ok_or(absent("rkey"))?,
                record: payload.record,
                cid: payload.cid,
            };
            Kind::Commit(Commit::from_wire(&commit, frame)?)
        }
        "identity" => {
            let identity = payload.identity.ok_or(FrameError::MissingPayload("identity"))?;
            Kind::Identity(Identity::from_wire(identity, &did)?)
        }
        "account" => {
            let account = payload.account.ok_or(FrameError::MissingPayload("account"))?;
            Kind::Account(Account::from_wire(account, &did)?)
        }
        _ => {
            let sync = payload.sync.ok_or(FrameError::MissingPayload("sync"))?;
            check_did(sync.did, &did)?;
            Kind::Sync(Tid::parse(&sync.rev).map_err(FrameError::BadRev)?)
        }
    };
    Ok(Event { did, time_us, kind })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Message, FrameError> {
        Message::parse(Bytes::copy_from_slice(text.as_bytes()))
    }

    #[test]
    fn what_a_server_says_of_itself() {
        let info = r#"{"$type":"message","payload":{"$type":"network.bsky.jetstream.subscribeEvents#info","name":"OutdatedCursor","message":"gone"}}"#;
        assert_eq!(parse(info), Ok(Message::Info { name: "OutdatedCursor".to_owned() }));
        let error = r#"{"$type":"error","error":"ConsumerTooSlow","message":"slow"}"#;
        let expected = Message::Error { name: "ConsumerTooSlow".to_owned(), message: "slow".to_owned() };
        assert_eq!(parse(error), Ok(expected));
        let new = r#"{"$type":"message","payload":{"$type":"network.bsky.jetstream.subscribeEvents#new"}}"#;
        assert_eq!(parse(new), Ok(Message::Unknown));
        assert_eq!(parse(r#"{"$type":"message"}"#), Err(FrameError::MissingPayload("payload")));
    }

    #[test]
    fn a_state_that_jumped() {
        let sync = |inner: &str, time: &str| {
            parse(&format!(
                r#"{{"$type":"message","payload":{{"$type":"network.bsky.jetstream.subscribeEvents#sync","seq":3,
                    "did":"did:plc:aliceaaaaaaaaaaaaaaaaaaa","time":"{time}",
                    "sync":{{"did":"{inner}","rev":"3n2rkzbued22u","seq":4,"blocks":{{"$bytes":"AA"}}}}}}}}"#
            ))
        };
        let alice = "did:plc:aliceaaaaaaaaaaaaaaaaaaa";
        let Ok(Message::Event(event)) = sync(alice, "2026-11-20T21:51:18.998853Z") else {
            panic!("no event")
        };
        assert_eq!(event.kind, Kind::Sync(Tid::parse("3n2rkzbued22u").unwrap()));
        assert_eq!(event.time_us, 1_795_211_478_998_853);
        let other = sync("did:plc:bobaaaaaaaaaaaaaaaaaaaaa", "2026-11-20T21:51:18.998853Z");
        assert_eq!(other, Err(FrameError::DidMismatch));
        assert!(matches!(sync(alice, "soon"), Err(FrameError::BadTimestamp(_))));
    }
}
