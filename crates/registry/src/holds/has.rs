//! Whether a hold has a blob.

use std::time::Duration;

use atproto::Did;
use http::HeaderValue;
use http::header::CONTENT_LENGTH;
use moka::sync::Cache;
use oci::Digest;
use outbound::Redirects;

use super::call::{Call, refused, unreachable};
use super::{HoldError, Holds, RemoteHold};

/// How long it is believed that a blob is still there: shorter than any hold waits before it takes one for garbage.
const KEPT: Duration = Duration::from_mins(10);

/// Blobs that are remembered, at most.
const MOST: u64 = 100_000;

pub(super) const GET_BLOB: &str = "com.atproto.sync.getBlob";

/// What was there a moment ago, and its size in bytes.
pub(super) struct Seen(Cache<(Did, Digest), u64>);

impl Seen {
    pub(super) fn new() -> Self {
        Self(Cache::builder().max_capacity(MOST).time_to_live(KEPT).build())
    }

    pub(super) fn insert(&self, hold: &Did, digest: &Digest, size: u64) {
        self.0.insert((hold.clone(), *digest), size);
    }
}

impl Holds {
    /// Whether a hold has a blob, as far as `user` may read there.
    pub(crate) async fn has(
        &self,
        hold: &RemoteHold,
        user: Option<&Did>,
        owner: &Did,
        digest: &Digest,
    ) -> Result<bool, HoldError> {
        if self.seen.0.contains_key(&(hold.did.clone(), *digest)) {
            return Ok(true);
        }
        let token = self.to_read(hold, user).await?;
        let (did, cid) = (owner.as_str(), digest.to_string());
        let call = Call::get(&hold.did, hold.method(GET_BLOB)).query(&[("did", did), ("cid", &cid)]).head();
        // A hold may send whoever looks to where the bytes are; the token stays with the hold.
        let request = call.token(token).request(self).redirects(Redirects::Any(3));
        let answer = request.send().await.map_err(|error| unreachable(&hold.did, &error))?;
        if answer.status.is_success() {
            let size = answer.headers.get(CONTENT_LENGTH).and_then(|size| size.to_str().ok()?.parse().ok());
            self.saw(&hold.did, digest, size.unwrap_or_default());
            return Ok(true);
        }
        match refused(&hold.did, answer.status, &answer.body) {
            HoldError::Missing { .. } => Ok(false),
            error => Err(error),
        }
    }

    /// What to show to read there. Where anybody may, nothing.
    pub(super) async fn to_read(
        &self,
        hold: &RemoteHold,
        user: Option<&Did>,
    ) -> Result<Option<HeaderValue>, HoldError> {
        match user {
            Some(user) if !hold.captain.public => Ok(Some(self.token(user, &hold.did, GET_BLOB).await?)),
            _ => Ok(None),
        }
    }
}
