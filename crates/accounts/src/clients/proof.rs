//! Requests signed with a key that was made for an app (spec/appview.md §7.3, RFC 9449).

use std::{sync::Arc, time::Duration};

use atproto::oauth::dpop::{self, Expect, REPLAY_WINDOW_SECONDS, VerifiedProof};
use bytes::Bytes;
use data_encoding::HEXLOWER;
use http::request::Parts;
use metrics::counter;
use server::Target;
use time::OffsetDateTime;

use super::{
    ClientError, Clients,
    find::UsableClient,
    headers::{DPOP, single},
};

/// Longer than any proof the protocol makes.
const MAX_PROOF_BYTES: usize = 8 << 10;

/// A proof counts in whole seconds, the cache does not: one second more, or there is a moment in which one works again.
const REMEMBERED: Duration = Duration::from_secs(REPLAY_WINDOW_SECONDS.unsigned_abs() + 1);

/// Who signed a request.
#[derive(Clone, Debug)]
pub(crate) struct ProvenSession {
    /// The row id of the session.
    pub(crate) session_id: Arc<str>,
    /// The user.
    pub(crate) did: Arc<str>,
    /// The app.
    pub(crate) client: UsableClient,
}

impl Clients {
    /// The session whose key signed this request. The access token is what the proof must name, and no more: it may be
    /// older than the one that the server has got meanwhile.
    pub(crate) async fn prove(
        &self,
        parts: &Parts,
        access_token: &str,
    ) -> Result<ProvenSession, ClientError> {
        let proven = self.try_prove(parts, access_token).await;
        if let Err(ClientError::Unauthenticated(_)) = &proven {
            counter!("dpop_refused_total").increment(1);
        }
        proven
    }

    async fn try_prove(&self, parts: &Parts, access_token: &str) -> Result<ProvenSession, ClientError> {
        let client = self.named(&parts.headers).await?;
        let proof = self.check_proof(parts, access_token)?;
        let session = self.session_of_key(&client.id, &proof.thumbprint).await?;
        let session = session
            .ok_or_else(|| ClientError::unauthenticated("No session for this DPoP key; sign in again"))?;
        // Last, so that only keys of sessions fill the memory of used proofs.
        self.spend(&proof).await?;
        Ok(ProvenSession { session_id: session.id, did: session.did, client })
    }

    fn check_proof(&self, parts: &Parts, access_token: &str) -> Result<VerifiedProof, ClientError> {
        let proof = single(&parts.headers, &DPOP)?;
        let proof = proof.ok_or_else(|| ClientError::unauthenticated("DPoP proof header required"))?;
        if proof.len() > MAX_PROOF_BYTES {
            return Err(ClientError::unauthenticated("the DPoP proof is too long"));
        }
        let urls = self.urls_of(parts)?;
        let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
        let expect = Expect {
            method: parts.method.as_str(),
            urls: &urls,
            access_token: Some(access_token),
            now: OffsetDateTime::now_utc().unix_timestamp(),
        };
        dpop::verify(proof, &expect).map_err(|error| ClientError::unauthenticated(error.to_string()))
    }

    /// What the request is called outside: the origin of the domain it came for and its full path. The domain must be one
    /// of ours, or a proof that was made for another site would work here.
    fn urls_of(&self, parts: &Parts) -> Result<Vec<String>, ClientError> {
        let target = Target::of(parts);
        let site = target.host().and_then(|host| Some((host, self.parts.domains.at_host(host)?)));
        let (host, domain) = site.ok_or_else(|| ClientError::unauthenticated("Unknown host"))?;
        // The same, but where a name of this machine stands for another.
        let origin = domain.url.replacen(domain.host(), host, 1);
        let external = format!("{origin}{}", target.path());
        // Existing clients sign the routes of devices without the prefix below which those are.
        let devices = parts.uri.path().strip_prefix("/oauth").filter(|rest| rest.contains("/devices"));
        let short = devices.map(|rest| format!("{origin}{}{rest}", self.parts.base_path));
        Ok([external].into_iter().chain(short).collect())
    }

    /// Uses a proof up: the same one is refused on every instance for as long as it would be valid.
    async fn spend(&self, proof: &VerifiedProof) -> Result<(), ClientError> {
        // Hashed, because what a stranger chose is neither short nor plain.
        let jti = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, proof.jti.as_bytes());
        let key = format!("dpop:{}:{}", proof.thumbprint, HEXLOWER.encode(jti.as_ref()));
        if self.parts.cache.set_if_absent(&key, Bytes::new(), REMEMBERED).await?
            || faults::mutant!("accounts-proof-used-twice")
        {
            return Ok(());
        }
        Err(ClientError::unauthenticated("the DPoP proof was used before"))
    }
}
