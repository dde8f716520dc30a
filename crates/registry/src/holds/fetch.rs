//! Reading a blob that is in somebody else's hold (spec/registry.md §4.5).

use std::time::Duration;

use atproto::Did;
use http::header::{CONTENT_TYPE, LOCATION, RANGE};
use http::{HeaderMap, HeaderValue, StatusCode};
use oci::Digest;
use outbound::Incoming;
use serde::Deserialize;
use url::Url;

use super::call::{Call, MAX_BYTES, misbehaved, refused, unreachable};
use super::has::GET_BLOB;
use super::{HoldError, Holds, RemoteHold};
use crate::Repository;

/// How long a blob may take that comes through here. What matters is that something comes, which is for the reader to see to.
const LONGEST: Duration = Duration::from_hours(6);

/// A blob, or where it is.
pub(crate) enum Remote {
    /// There, for whoever knows the URL.
    At(Url),
    /// On its way: the whole, or the range that was asked for.
    Bytes(Box<Incoming>),
}

/// What a hold answers that has been asked for a URL.
#[derive(Deserialize)]
struct Signed {
    url: String,
}

impl Holds {
    /// Asks for a blob in the name of `user`, or of nobody.
    pub(crate) async fn blob(
        &self,
        hold: &RemoteHold,
        user: Option<&Did>,
        (repository, digest): (&Repository, &Digest),
        range: Option<&str>,
    ) -> Result<Remote, HoldError> {
        let token = self.to_read(hold, user).await?;
        let cid = digest.to_string();
        let query = [
            ("did", repository.owner.as_str()),
            ("cid", &cid),
            ("method", "GET"),
            ("repo", &repository.name),
        ];
        let call = Call::get(&hold.did, hold.method(GET_BLOB)).query(&query).token(token).patience(LONGEST);
        let mut request = call.request(self).max_bytes(usize::MAX);
        if let Some(range) = range.and_then(|range| HeaderValue::from_str(range).ok()) {
            request = request.header(RANGE, range);
        }
        let answer = request.open().await.map_err(|error| unreachable(&hold.did, &error))?;
        match answer.status() {
            StatusCode::OK if is_about(answer.headers()) => {
                let signed: Option<Signed> = serde_json::from_slice(&text(hold, answer).await?).ok();
                let url = signed.and_then(|signed| hold.url.join(&signed.url).ok()).and_then(web);
                url.map(Remote::At).ok_or_else(|| misbehaved(&hold.did, "it names no URL for a blob"))
            }
            StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => {
                Ok(Remote::Bytes(Box::new(answer)))
            }
            status if status.is_redirection() => {
                let location = answer.headers().get(LOCATION).and_then(|location| location.to_str().ok());
                let url = location.and_then(|location| hold.url.join(location).ok()).and_then(web);
                url.map(Remote::At).ok_or_else(|| misbehaved(&hold.did, "it sends readers nowhere"))
            }
            status => Err(refused(&hold.did, status, &text(hold, answer).await?)),
        }
    }
}

/// Whether an answer is about a blob, and not the blob.
fn is_about(headers: &HeaderMap) -> bool {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    media_type.starts_with("application/json") && !headers.contains_key(oci::header::CONTENT_DIGEST)
}

/// A short answer.
async fn text(hold: &RemoteHold, mut answer: Incoming) -> Result<Vec<u8>, HoldError> {
    let mut text = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(|error| unreachable(&hold.did, &error))? {
        text.extend_from_slice(&piece);
        if text.len() > MAX_BYTES {
            return Err(misbehaved(&hold.did, "its answer is too long"));
        }
    }
    Ok(text)
}

/// An address that a client can be sent to.
fn web(url: Url) -> Option<Url> {
    let is_plain = url.username().is_empty() && url.password().is_none();
    (matches!(url.scheme(), "http" | "https") && is_plain).then_some(url)
}
