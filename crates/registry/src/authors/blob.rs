//! Manifests that are elsewhere.

use atproto::{Cid, Did};
use bytes::Bytes;
use http::{Method, StatusCode};

use super::Authors;
use crate::load::unknowable;
use crate::refusal::Refusal;

/// Bytes of a manifest that are fetched at most.
const MAX_BYTES: usize = 8 << 20;

impl Authors {
    /// A blob of an owner whose repository is elsewhere, from their host. What comes is not checked yet.
    pub(crate) async fn remote_blob(&self, owner: &Did, cid: Cid) -> Result<Option<Bytes>, Refusal> {
        let identity = match self.resolver.resolve_did(owner).await {
            Ok(identity) => identity,
            Err(error) if error.is_transient() => return Err(Refusal::unavailable(error)),
            Err(_) => return Ok(None),
        };
        let Some(mut url) = identity.pds.clone() else { return Ok(None) };
        url.set_path("/xrpc/com.atproto.sync.getBlob");
        url.query_pairs_mut().append_pair("did", owner.as_str()).append_pair("cid", &cid.to_string());
        let answer = self.outbound.request(Method::GET, &url).max_bytes(MAX_BYTES).send().await;
        match answer {
            Ok(answer) if answer.status == StatusCode::OK => Ok(Some(answer.body)),
            Ok(answer)
                if answer.status.is_client_error() && answer.status != StatusCode::TOO_MANY_REQUESTS =>
            {
                Ok(None)
            }
            Ok(_) => Err(unknowable()),
            Err(error) => Err(Refusal::unavailable(error)),
        }
    }
}
