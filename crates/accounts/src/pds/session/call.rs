//! Asking a PDS on behalf of a user.

use std::sync::{Arc, Mutex, PoisonError};

use atproto::{Did, oauth::ErrorAnswer};
use http::{HeaderValue, StatusCode, header::AUTHORIZATION};
use outbound::{Redirects, RequestBuilder};
use time::Duration;
use url::Url;

use super::{PdsAnswer, PdsCall, PdsSessions, row::Grant};
use crate::{
    Error,
    pds::{PdsError, authority::error_code, proof},
};

/// Tokens with less life left than this are exchanged before they are used.
const AHEAD: Duration = Duration::seconds(30);

/// Tokens that a PDS refuses are not exchanged if they are newer than this: then the fault is elsewhere.
const FRESH: Duration = Duration::seconds(10);

/// A user's session with their PDS, ready to be used.
pub struct PdsSession {
    sessions: PdsSessions,
    /// What is known of it; others may have refreshed its tokens since.
    latest: Mutex<Arc<Grant>>,
}

/// What an answer means for the session.
enum Verdict {
    /// The proof must carry the nonce that came with the answer.
    NonceWanted,
    /// The access token is not (or no longer) valid.
    TokenRefused,
    /// It is for the caller.
    Answered,
}

impl PdsSession {
    pub(super) fn new(sessions: PdsSessions, grant: Arc<Grant>) -> Self {
        Self { sessions, latest: Mutex::new(grant) }
    }

    /// The row id.
    #[must_use]
    pub fn id(&self) -> Arc<str> {
        self.latest().id.clone()
    }

    /// Whose it is.
    #[must_use]
    pub fn did(&self) -> Did {
        self.latest().did.clone()
    }

    /// The origin of the PDS.
    #[must_use]
    pub fn pds(&self) -> Url {
        self.latest().pds.clone()
    }

    /// The scopes that were granted, separated by spaces.
    #[must_use]
    pub fn scopes(&self) -> String {
        self.latest().scopes.clone()
    }

    /// Calls a method of the PDS. Tokens are refreshed before they expire, or when the PDS does not take them; its
    /// answer, whatever the status, is returned unchanged. [`PdsError::Ended`] if the user has to sign in again.
    pub async fn call(&self, call: &PdsCall) -> Result<PdsAnswer, PdsError> {
        let mut grant = self.usable().await?;
        let (mut nonce_sent, mut renewed) = (false, false);
        loop {
            let answer = self.send(&grant, call).await?;
            match verdict(&answer) {
                Verdict::NonceWanted if !nonce_sent => nonce_sent = true,
                Verdict::TokenRefused if !renewed => {
                    let Some(newer) = self.replacement(&grant).await? else { return Ok(answer) };
                    grant = newer;
                    (nonce_sent, renewed) = (false, true);
                }
                _ => return Ok(answer),
            }
        }
    }

    /// Exchanges the refresh token now, whatever the life left in the access token.
    pub async fn refresh(&self) -> Result<(), PdsError> {
        let grant = self.latest();
        self.remember(self.sessions.renew(&grant).await?);
        Ok(())
    }

    /// Tokens with some life left.
    async fn usable(&self) -> Result<Arc<Grant>, PdsError> {
        let grant = self.latest();
        if !grant.expires_within(AHEAD) {
            return Ok(grant);
        }
        match self.sessions.renew(&grant).await {
            Ok(newer) => Ok(self.remember(newer)),
            Err(PdsError::Ended) => Err(PdsError::Ended),
            // The server may be back before the token is over.
            Err(_) if !grant.expires_within(Duration::ZERO) => Ok(grant),
            Err(error) => Err(error),
        }
    }

    /// Newer tokens in place of those that the PDS refused. None if exchanging them makes no sense.
    async fn replacement(&self, refused: &Arc<Grant>) -> Result<Option<Arc<Grant>>, PdsError> {
        let now = self.sessions.grant(&refused.id).await?.ok_or(PdsError::Ended)?;
        if now.version == refused.version {
            if now.age() < FRESH {
                return Ok(None);
            }
            return Ok(Some(self.remember(self.sessions.renew(refused).await?)));
        }
        Ok(Some(self.remember(now)))
    }

    async fn send(&self, grant: &Grant, call: &PdsCall) -> Result<PdsAnswer, PdsError> {
        let mut request = self.request(grant, call)?;
        if !call.body.is_empty() {
            request = request.bytes(call.body.clone());
        }
        self.exchange(request).await
    }

    /// A call with its credentials, but without its body.
    pub(super) fn request(&self, grant: &Grant, call: &PdsCall) -> Result<RequestBuilder<'_>, PdsError> {
        let shared = &self.sessions.shared;
        let url = call.url(&grant.pds);
        let nonce = shared.nonces.of(&url);
        let token = &grant.access_token;
        let proof = proof::header(&grant.key, &call.method, &url, nonce.as_deref(), Some(token))?;
        let mut authorization =
            HeaderValue::try_from(format!("DPoP {token}")).map_err(|_| PdsError::from(Error::Sealing))?;
        authorization.set_sensitive(true);
        let mut request = shared.outbound.request(call.method.clone(), &url);
        for (name, value) in &call.headers {
            request = request.header(name.clone(), value.clone());
        }
        request = request.header(AUTHORIZATION, authorization).header(proof::DPOP, proof);
        request = request.redirects(Redirects::None);
        if let Some(bytes) = call.max_bytes {
            request = request.max_bytes(bytes);
        }
        if let Some(timeout) = call.timeout {
            request = request.timeout(timeout);
        }
        Ok(request)
    }

    pub(super) async fn exchange(&self, request: RequestBuilder<'_>) -> Result<PdsAnswer, PdsError> {
        let answer = request.send().await?;
        self.sessions.shared.nonces.learn(&answer.final_url, &answer.headers);
        Ok(PdsAnswer { status: answer.status, headers: answer.headers, body: answer.body })
    }

    pub(super) fn latest(&self) -> Arc<Grant> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn remember(&self, grant: Arc<Grant>) -> Arc<Grant> {
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = grant.clone();
        grant
    }
}

impl std::fmt::Debug for PdsSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.latest().fmt(f)
    }
}

fn verdict(answer: &PdsAnswer) -> Verdict {
    match error_code(answer.status, &answer.headers, &answer.body).as_deref() {
        Some(ErrorAnswer::USE_DPOP_NONCE) => Verdict::NonceWanted,
        // With 400 and the same codes a PDS refuses tokens that it has mailed somebody.
        Some("invalid_token" | "InvalidToken" | "ExpiredToken")
            if answer.status == StatusCode::UNAUTHORIZED =>
        {
            Verdict::TokenRefused
        }
        _ => Verdict::Answered,
    }
}
