//! A session with a PDS that a password began.

use std::sync::{Arc, Mutex, PoisonError};

use atproto::Did;
use bytes::Bytes;
use futures::TryStream;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method};
use outbound::{Redirects, RequestBuilder};
use records::RepoAnswer;

use super::grant::Grant;
use super::open::{MAX_BYTES, bearer, is_expired, method};
use super::{PasswordError, PdsPasswords};
use crate::auth::Cause;
use crate::auth::tokens::now_seconds;

/// Tokens with less life left than this, in seconds, are exchanged before they are used.
const AHEAD: i64 = 60;

/// A session with a PDS, ready to be used.
pub struct PasswordSession {
    passwords: PdsPasswords,
    /// What is known of it; others may have renewed it since.
    latest: Mutex<Arc<Grant>>,
}

impl PasswordSession {
    pub(super) fn new(passwords: PdsPasswords, grant: Arc<Grant>) -> Self {
        Self { passwords, latest: Mutex::new(grant) }
    }

    /// Whose it is.
    #[must_use]
    pub fn did(&self) -> Did {
        self.latest().did.clone()
    }

    /// Makes sure that the PDS still takes it, if its access token is nearly over. [`PasswordError::Ended`] if it does not.
    pub async fn confirm(&self) -> Result<(), PasswordError> {
        self.usable().await.map(drop)
    }

    /// Calls a procedure of the PDS with a JSON body; the answer as it is, whatever its status.
    pub async fn call(&self, nsid: &str, body: Bytes) -> Result<RepoAnswer, PasswordError> {
        let mut grant = self.usable().await?;
        let mut renewed = false;
        loop {
            let request = self.request(&grant, nsid)?.body("application/json", body.clone());
            let answer = request.max_bytes(MAX_BYTES).send().await?;
            if renewed || !is_expired(answer.status, &answer.body) {
                return Ok(RepoAnswer { status: answer.status, headers: answer.headers, body: answer.body });
            }
            grant = self.remember(self.passwords.renew(&grant).await?);
            renewed = true;
        }
    }

    /// Asks a query of the PDS; the answer as it is, whatever its status.
    pub async fn query(&self, nsid: &str, query: &[(&str, &str)]) -> Result<RepoAnswer, PasswordError> {
        let mut grant = self.usable().await?;
        let mut renewed = false;
        loop {
            let mut url = method(&grant.pds, nsid)?;
            url.query_pairs_mut().extend_pairs(query);
            let request = self.passwords.outbound.get(&url).redirects(Redirects::None);
            let request = request.header(AUTHORIZATION, bearer(&grant.access)?).max_bytes(MAX_BYTES);
            let answer = request.send().await?;
            if renewed || !is_expired(answer.status, &answer.body) {
                return Ok(RepoAnswer { status: answer.status, headers: answer.headers, body: answer.body });
            }
            grant = self.remember(self.passwords.renew(&grant).await?);
            renewed = true;
        }
    }

    /// Hands the PDS a blob as it comes (`com.atproto.repo.uploadBlob`), of this length in bytes; the answer as it is. It
    /// can be sent once, so a token that is over although it does not say so is not exchanged.
    pub async fn upload_blob<S>(
        &self,
        media_type: HeaderValue,
        length: u64,
        body: S,
    ) -> Result<RepoAnswer, PasswordError>
    where
        S: TryStream<Ok = Bytes> + Send + 'static,
        S::Error: Into<Cause>,
    {
        let grant = self.usable().await?;
        let request = self.request(&grant, "com.atproto.repo.uploadBlob")?.header(CONTENT_TYPE, media_type);
        let answer = request.max_bytes(MAX_BYTES).stream(Some(length), body).send().await?;
        Ok(RepoAnswer { status: answer.status, headers: answer.headers, body: answer.body })
    }

    fn request(&self, grant: &Grant, nsid: &str) -> Result<RequestBuilder<'_>, PasswordError> {
        let request = self.passwords.outbound.request(Method::POST, &method(&grant.pds, nsid)?);
        Ok(request.redirects(Redirects::None).header(AUTHORIZATION, bearer(&grant.access)?))
    }

    /// Tokens with some life left.
    async fn usable(&self) -> Result<Arc<Grant>, PasswordError> {
        let grant = self.latest();
        if grant.expires_at.is_none_or(|expires_at| expires_at - AHEAD > now_seconds()) {
            return Ok(grant);
        }
        Ok(self.remember(self.passwords.renew(&grant).await?))
    }

    fn latest(&self) -> Arc<Grant> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn remember(&self, grant: Arc<Grant>) -> Arc<Grant> {
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = grant.clone();
        grant
    }
}
