//! The parts of a blob on their way to a hold: each goes where the hold says, and is tried again if that fails.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use atproto::Did;
use blobs::Blob;
use futures::{StreamExt, TryStreamExt, stream};
use http::header::{AUTHORIZATION, CONTENT_LENGTH, ETAG, HOST, TRANSFER_ENCODING};
use http::{HeaderName, HeaderValue, Method};
use oci::Digest;
use outbound::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::call::{misbehaved, refused, unreachable};
use super::parts::parts;
use super::send::{COMPLETE, PART};
use super::{HoldError, Holds, RemoteHold};

/// Parts that are under way at once.
const AT_ONCE: usize = 3;

/// How often a part is tried.
const ATTEMPTS: u32 = 3;

/// How long it is left alone in between, longer each time.
const PAUSE: Duration = Duration::from_millis(500);

const PART_URL: &str = "io.atcr.hold.getPartUploadUrl";
const UPLOAD_PART: &str = "io.atcr.hold.uploadPart";

/// An upload to a hold.
pub(super) struct Sending<'s> {
    pub(super) holds: &'s Holds,
    pub(super) hold: &'s RemoteHold,
    /// In whose name.
    pub(super) user: &'s Did,
    /// What the hold calls it.
    pub(super) id: String,
}

/// Where a part goes.
#[derive(Deserialize)]
struct PartUrl {
    url: String,
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Tagged {
    etag: String,
}

impl Sending<'_> {
    /// Sends all parts, and says that these are all.
    pub(super) async fn all(&self, digest: &Digest, blob: &Blob) -> Result<(), HoldError> {
        let sent = stream::iter(parts(blob.size())).map(|(number, range)| self.part(blob, number, range));
        let sent: Vec<Value> = sent.buffered(AT_ONCE).try_collect().await?;
        let body = json!({ "uploadId": self.id, "digest": digest, "parts": sent });
        let _: Value = self.holds.procedure(self.hold, self.user, COMPLETE, &body).await?;
        Ok(())
    }

    /// Sends a part, and says what `completeUpload` is told of it.
    async fn part(&self, blob: &Blob, number: u64, range: Range<u64>) -> Result<Value, HoldError> {
        let mut attempt = 1;
        loop {
            match self.try_part(blob, number, range.clone()).await {
                Ok(etag) => return Ok(json!({ "partNumber": number, "etag": etag })),
                Err(HoldError::Unavailable { .. }) if attempt < ATTEMPTS => {
                    tokio::time::sleep(PAUSE * attempt).await;
                    attempt += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn try_part(&self, blob: &Blob, number: u64, range: Range<u64>) -> Result<String, HoldError> {
        let (holds, hold) = (self.holds, &self.hold.did);
        let body = json!({ "uploadId": self.id, "partNumber": number });
        let to: PartUrl = holds.procedure(self.hold, self.user, PART_URL, &body).await?;
        if to.method.as_deref().is_some_and(|method| method != "PUT") {
            return Err(misbehaved(hold, "it wants parts to be sent in a way that is none"));
        }
        let url = self.hold.url.join(&to.url).map_err(|_| misbehaved(hold, "it names no URL for a part"))?;
        let length = range.end - range.start;
        let mut request = holds.outbound.request(Method::PUT, &url).timeout(PART);
        let mut headers = headers(&to.headers).ok_or_else(|| misbehaved(hold, "its headers are none"))?;
        if wants_token(&self.hold.url, &url) && !headers.iter().any(|(name, _)| name == AUTHORIZATION) {
            headers.push((AUTHORIZATION, holds.token(self.user, hold, UPLOAD_PART).await?));
        }
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let answer = request.stream(Some(length), blob.read(range)).send().await;
        let answer = answer.map_err(|error| unreachable(hold, &error))?;
        if !answer.status.is_success() {
            return Err(refused(hold, answer.status, &answer.body));
        }
        etag(&answer).ok_or_else(|| misbehaved(hold, "it does not say what it has taken"))
    }
}

/// What is sent along with a part. What says how a message is framed is not for the hold to say.
fn headers(given: &BTreeMap<String, String>) -> Option<Vec<(HeaderName, HeaderValue)>> {
    let read = given.iter().map(|(name, value)| Some((name.parse().ok()?, value.parse().ok()?)));
    let headers: Vec<(HeaderName, HeaderValue)> = read.collect::<Option<_>>()?;
    Some(
        headers
            .into_iter()
            .filter(|(name, _)| ![CONTENT_LENGTH, HOST, TRANSFER_ENCODING].contains(name))
            .collect(),
    )
}

/// Whether a part goes to the hold itself, by a URL that says nothing of who may use it. Nobody else is shown a token.
fn wants_token(hold: &Url, url: &Url) -> bool {
    hold.origin() == url.origin() && url.query().is_none()
}

/// The tag of a part: what the hold says, or else its bucket.
fn etag(answer: &Response) -> Option<String> {
    let said = serde_json::from_slice::<Tagged>(&answer.body).ok().map(|tagged| tagged.etag);
    said.or_else(|| answer.headers.get(ETAG)?.to_str().ok().map(str::to_owned))
}
