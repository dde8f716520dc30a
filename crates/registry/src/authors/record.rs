//! What a repository has under a key at this moment, asked of whoever keeps it: what the index says may be older, or nothing yet.

use atproto::{Cid, Did, Nsid, RecordKey};
use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{AuthorError, Authors};
use crate::load::unknowable;
use crate::refusal::Refusal;

/// Bytes of an answer: no record is as large.
const MAX_BYTES: usize = 4 << 20;

/// A record as its repository has it.
pub(crate) struct Current {
    pub(crate) cid: Cid,
    pub(crate) json: String,
}

#[derive(Deserialize)]
struct Wire {
    cid: String,
    value: Box<RawValue>,
}

#[derive(Deserialize)]
struct WireError {
    #[serde(default)]
    error: String,
    #[serde(default)]
    message: String,
}

impl Authors {
    /// The record that is there now. An owner's host that does not answer, or not with a record, is no "there is none".
    pub(crate) async fn record(
        &self,
        owner: &Did,
        collection: &Nsid,
        rkey: &RecordKey,
    ) -> Result<Option<Current>, Refusal> {
        if self.is_hosted(owner) {
            let found = match self.repos.get(owner, collection, rkey).await {
                // Whoever writes to it is told.
                Err(repos::Error::Deactivated(_) | repos::Error::NotHosted(_)) => None,
                found => found.map_err(AuthorError::Hosted)?,
            };
            return Ok(found.map(|record| Current { cid: record.cid, json: record.json }));
        }
        let identity = self.resolver.resolve_did(owner).await.map_err(Refusal::unavailable)?;
        let Some(mut url) = identity.pds.clone() else { return Err(unknowable()) };
        url.set_path("/xrpc/com.atproto.repo.getRecord");
        url.query_pairs_mut()
            .append_pair("repo", owner.as_str())
            .append_pair("collection", collection.as_str())
            .append_pair("rkey", rkey.as_str());
        let answer = self.outbound.request(Method::GET, &url).max_bytes(MAX_BYTES).send().await;
        let answer = answer.map_err(Refusal::unavailable)?;
        match answer.status {
            StatusCode::OK => read(&answer.body).map(Some).ok_or_else(unknowable),
            StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND if is_none(&answer.body) => Ok(None),
            _ => Err(unknowable()),
        }
    }
}

fn read(body: &[u8]) -> Option<Current> {
    let wire: Wire = serde_json::from_slice(body).ok()?;
    Some(Current { cid: Cid::parse(&wire.cid).ok()?, json: wire.value.get().to_owned() })
}

/// Whether a refusal says that there is no such record, as hosts say it now, or as they did.
fn is_none(body: &[u8]) -> bool {
    let Ok(wire) = serde_json::from_slice::<WireError>(body) else { return false };
    wire.error == "RecordNotFound" || wire.message.starts_with("Could not locate record")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_comes_is_a_record_or_none(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Some(current) = read(&body) {
                prop_assert!(serde_json::from_str::<serde_json::Value>(&current.json).is_ok());
            }
            is_none(&body);
        }
    }

    #[test]
    fn only_a_word_about_the_record_says_that_there_is_none() {
        assert!(is_none(br#"{"error":"RecordNotFound","message":"x"}"#));
        assert!(is_none(br#"{"error":"InvalidRequest","message":"Could not locate record: at://x"}"#));
        for other in
            [&b""[..], b"{}", br#"{"error":"RepoNotFound"}"#, br#"{"error":"InvalidRequest"}"#, b"<html>"]
        {
            assert!(!is_none(other));
        }
        let cid = Cid::raw_sha256(b"x");
        let body = format!(r#"{{"uri":"at://x","cid":"{cid}","value":{{"a":1}}}}"#);
        let current = read(body.as_bytes()).unwrap();
        assert_eq!((current.cid, &*current.json), (cid, r#"{"a":1}"#));
    }
}
