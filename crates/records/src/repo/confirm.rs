//! Is the answer to a write one that can be true?
//!
//! The server of a repository may be anybody's. It says what became of its own repository, and no more than that: an
//! answer about another repository, another record or other content is not believed.

use atproto::data::{self, DataError, Limits};
use atproto::{AtIdentifier, AtUri, Cid, Did, RecordKey, Tid};
use serde_json::Value;

use super::RepoWrite;
use crate::ingest::is_plausible;
use crate::{RecordAction, Rejection};

/// An answer is a URI, two hashes and a revision.
const LIMITS: Limits = Limits { bytes: 64 << 10, depth: 16 };

/// What the server of a repository says that it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// Which record.
    pub uri: AtUri,
    /// Of its content; `None` if it was removed.
    pub cid: Option<Cid>,
    /// The revision that the write made, if it made one and the server says so.
    pub rev: Option<Tid>,
}

/// Why an answer is not believed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Doubt {
    #[error(transparent)]
    Data(#[from] DataError),
    #[error("`{0}` is missing or malformed")]
    Field(&'static str),
    #[error("it is about {0}")]
    OtherRecord(AtUri),
    #[error("revision {0} lies in the future")]
    Future(Tid),
    #[error(transparent)]
    Content(#[from] Rejection),
}

impl Doubt {
    /// A short name for metrics.
    pub(super) fn reason(&self) -> &'static str {
        match self {
            Self::Data(error) => error.reason(),
            Self::Field(_) => "malformed",
            Self::OtherRecord(_) => "other_record",
            Self::Future(_) => "future_rev",
            Self::Content(error) => error.reason(),
        }
    }
}

/// Reads a success of `write` in the repository of `did` at `now`, in microseconds: what it says, and what that means for
/// the index.
pub(super) fn confirm(
    did: &Did,
    write: &RepoWrite,
    body: &[u8],
    now: i64,
) -> Result<(Confirmed, RecordAction, RecordKey), Doubt> {
    // Removing was once answered with nothing.
    let body = if body.is_empty() && write.record().is_none() { b"{}" } else { body };
    let answer = data::parse(body, &LIMITS)?;
    let rev = rev(&answer, now)?;
    let Some(record) = write.record() else {
        let rkey = write.rkey().ok_or(Doubt::Field("rkey"))?.clone();
        let uri = AtUri::record(did.clone(), write.collection().clone(), rkey.clone());
        return Ok((Confirmed { uri, cid: None, rev }, RecordAction::Delete, rkey));
    };
    let (uri, rkey) = record_of(did, write, &answer)?;
    let cid = text(&answer, "cid")?;
    let cid = Cid::parse(cid).map_err(|_| Doubt::Field("cid"))?;
    let json = serde_json::to_string(record).map_err(|_| Doubt::Field("record"))?;
    let action = RecordAction::put(json.as_bytes(), Some(cid))?;
    Ok((Confirmed { uri, cid: Some(cid), rev }, action, rkey))
}

/// The record that was written, if it is the one that was meant.
fn record_of(did: &Did, write: &RepoWrite, answer: &Value) -> Result<(AtUri, RecordKey), Doubt> {
    let uri = AtUri::parse(text(answer, "uri")?).map_err(|_| Doubt::Field("uri"))?;
    let is_ours = matches!(uri.authority(), AtIdentifier::Did(found) if found == did)
        && uri.collection() == Some(write.collection());
    let rkey = uri.rkey().cloned();
    match rkey {
        Some(rkey) if is_ours && write.rkey().is_none_or(|asked| *asked == rkey) => Ok((uri, rkey)),
        _ => Err(Doubt::OtherRecord(uri)),
    }
}

/// The revision of the commit, if the answer names one. A write that changes nothing makes none.
fn rev(answer: &Value, now: i64) -> Result<Option<Tid>, Doubt> {
    let Some(commit) = answer.get("commit").filter(|commit| !commit.is_null()) else { return Ok(None) };
    let rev = Tid::parse(text(commit, "rev")?).map_err(|_| Doubt::Field("rev"))?;
    // It would keep every later version of the record out.
    if is_plausible(rev.timestamp_micros(), now) { Ok(Some(rev)) } else { Err(Doubt::Future(rev)) }
}

fn text<'a>(object: &'a Value, field: &'static str) -> Result<&'a str, Doubt> {
    object.get(field).and_then(Value::as_str).ok_or(Doubt::Field(field))
}
