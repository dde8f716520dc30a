//! Every message but that of a commit.

use crate::cbor::Writer;
use crate::{Did, Handle, Tid};

/// `#identity`: the DID's document or handle may have changed.
#[must_use]
pub fn identity(seq: i64, did: &Did, time: &str, handle: Option<&Handle>) -> Vec<u8> {
    let mut writer = begin("#identity", 256);
    writer.map(3 + usize::from(handle.is_some()));
    writer.text("did").text(did.as_str()).text("seq").integer(seq).text("time").text(time);
    if let Some(handle) = handle {
        writer.text("handle").text(handle.as_str());
    }
    writer.finish()
}

/// `#account`: whether the repository is served; if not, why (`deactivated`, `deleted`, …).
#[must_use]
pub fn account(seq: i64, did: &Did, time: &str, status: Option<&str>) -> Vec<u8> {
    let mut writer = begin("#account", 256);
    writer.map(4 + usize::from(status.is_some()));
    writer.text("did").text(did.as_str()).text("seq").integer(seq).text("time").text(time);
    writer.text("active").bool(status.is_none());
    if let Some(status) = status {
        writer.text("status").text(status);
    }
    writer.finish()
}

/// `#sync`: the repository is at this revision, whatever was said before. `blocks` is a CAR file of the commit alone.
#[must_use]
pub fn sync(seq: i64, did: &Did, time: &str, rev: Tid, blocks: &[u8]) -> Vec<u8> {
    let mut writer = begin("#sync", blocks.len() + 256);
    writer.map(5);
    writer.text("did").text(did.as_str()).text("rev").text(&rev.to_string()).text("seq").integer(seq);
    writer.text("time").text(time).text("blocks").bytes(blocks);
    writer.finish()
}

/// `#info`: about the stream itself, such as `OutdatedCursor`.
#[must_use]
pub fn info(name: &str, message: &str) -> Vec<u8> {
    let mut writer = begin("#info", 128);
    writer.map(2).text("name").text(name).text("message").text(message);
    writer.finish()
}

/// The last message of a stream that the host ends, such as `FutureCursor`.
#[must_use]
pub fn error(name: &str, message: &str) -> Vec<u8> {
    let mut writer = Writer::with_capacity(128);
    writer.map(1).text("op").integer(-1);
    writer.map(2).text("error").text(name).text("message").text(message);
    writer.finish()
}

/// The header of a message of this type.
pub(super) fn begin(kind: &str, capacity: usize) -> Writer {
    let mut writer = Writer::with_capacity(capacity);
    writer.map(2).text("t").text(kind).text("op").integer(1);
    writer
}
