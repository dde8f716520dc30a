//! The browser is back.

use atproto::{
    Did,
    oauth::{Callback, TokenResponse},
};
use http::{HeaderMap, HeaderValue};
use time::{Duration, OffsetDateTime};
use tracing::{info, warn};
use url::Url;

use super::{SignIn, pending::Pending, ticket};
use crate::{
    Error,
    pds::{Holder, NewPdsSession, PdsError},
};

/// What to answer the browser.
#[derive(Clone, Debug)]
pub(in crate::pds) struct CompletedSignIn {
    /// Where to send it.
    pub(in crate::pds) location: String,
    /// Values for `Set-Cookie`: its new session, if it got one, and no more ticket.
    pub(in crate::pds) cookies: Vec<HeaderValue>,
}

impl SignIn {
    /// Takes the answer of an authorization server, as it stands in the query of the callback.
    pub(in crate::pds) async fn complete(
        &self,
        query: &str,
        headers: &HeaderMap,
    ) -> Result<CompletedSignIn, PdsError> {
        let callback = Callback::parse(query).map_err(|error| PdsError::bad_request(error.to_string()))?;
        let pending = self.recall(&callback.state).await?;
        let pending = pending.ok_or_else(|| {
            PdsError::bad_request("this sign-in is not under way, or no longer; start again")
        })?;
        if pending.ticket.as_deref().is_some_and(|hash| !ticket::is_presented(headers, hash))
            && !faults::mutant!("accounts-sign-in-of-another-browser")
        {
            return Err(PdsError::bad_request("this sign-in was begun in another browser; start again"));
        }
        if callback.iss != pending.issuer && !faults::mutant!("accounts-issuer-not-compared") {
            return Err(PdsError::bad_request(
                "this answer is not from the authorization server that was asked",
            ));
        }
        let code = match callback.code {
            Ok(code) => code,
            Err(error) => return Ok(pending.failed(&error)),
        };
        let tokens = self.exchange(&pending, &code).await?;
        if !pending.is_guest && !self.admits(&pending.did).await? {
            info!(did = %pending.did, "somebody who is no user tried to sign in");
            self.hand_back(&pending, &tokens).await?;
            return Ok(pending.failed("not_authorized"));
        }
        self.end_previous(headers, &pending.did).await?;
        let started = self.parts.browser_sessions.start(&pending.did, pending.client_key.as_deref()).await?;
        let location = pending.destination.clone();
        let mut cookies = vec![started.set_cookie];
        if pending.ticket.is_some() {
            cookies.push(ticket::forget_cookie(&self.parts.base_path, pending.base.starts_with("https:"))?);
        }
        self.parts.sessions.save(pending.session(started.id, tokens)?).await?;
        Ok(CompletedSignIn { location, cookies })
    }

    async fn exchange(&self, pending: &Pending, code: &str) -> Result<TokenResponse, PdsError> {
        let authorities = &self.parts.sessions.shared.authorities;
        let server = authorities.with_issuer(&pending.issuer).await?;
        let grant = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &pending.redirect_uri),
            ("code_verifier", &pending.verifier),
            ("client_id", &pending.client_id),
        ];
        let tokens = authorities.tokens(&server, &pending.key()?, &grant).await?;
        // The server was found from this account. What it says of others is worth nothing.
        if tokens.sub != pending.did {
            warn!(issuer = pending.issuer, did = %pending.did, found = %tokens.sub, "tokens for another account");
            return Err(PdsError::misbehaved(&pending.issuer, "it issued tokens for another account"));
        }
        Ok(tokens)
    }

    /// A browser has one session: what it had before is over, with its PDS session if it was the same person's.
    async fn end_previous(&self, headers: &HeaderMap, did: &Did) -> Result<(), PdsError> {
        let Some(previous) = self.parts.browser_sessions.authenticate(headers).await? else { return Ok(()) };
        if &*previous.did == did.as_str() {
            self.parts.sessions.end_of_browser(&previous.id).await?;
        }
        self.parts.browser_sessions.end(&previous.id).await?;
        Ok(())
    }

    async fn hand_back(&self, pending: &Pending, tokens: &TokenResponse) -> Result<(), PdsError> {
        let token = tokens.refresh_token.as_deref().unwrap_or(&tokens.access_token);
        let authorities = &self.parts.sessions.shared.authorities;
        authorities.revoke(&pending.issuer, &pending.client_id, &pending.key()?, token).await;
        Ok(())
    }
}

impl Pending {
    /// Back to the page where one signs in, which says why.
    fn failed(&self, error: &str) -> CompletedSignIn {
        let is_code =
            !error.is_empty() && error.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        let error = if is_code { error } else { "failed" };
        CompletedSignIn { location: format!("{}/login?error={error}", self.base), cookies: Vec::new() }
    }

    fn session(self, browser_session_id: String, tokens: TokenResponse) -> Result<NewPdsSession, PdsError> {
        let key = self.key()?;
        let lifetime = tokens.expires_in.and_then(|seconds| i64::try_from(seconds).ok());
        let expires_at =
            lifetime.and_then(|seconds| OffsetDateTime::now_utc().checked_add(Duration::seconds(seconds)));
        Ok(NewPdsSession {
            did: self.did,
            holder: Holder::Browser { session_id: browser_session_id },
            client_id: self.client_id,
            issuer: self.issuer,
            pds: Url::parse(&self.pds).map_err(|_| Error::Sealing)?,
            scopes: tokens.scope,
            key,
            access_token: tokens.access_token,
            refresh_token: tokens.refresh_token,
            expires_at,
        })
    }
}
