//! Signing in as the account to attach, and back.
//!
//! To act through the account's PDS, the operator signs in as that account in their own browser, which replaces their
//! session. Two things lead back: the attached account's session, and a cookie that this browser got while
//! the operator was signed in. Without the latter, whoever has the account could become the operator.

use std::time::Duration;

use atproto::Did;
use aws_lc_rs::rand;
use bytes::Bytes;
use data_encoding::BASE64URL_NOPAD;
use http::{HeaderMap, HeaderValue, header::COOKIE};
use server::{Caller, Principal};

use super::{Mode, Service, ServiceError};
use crate::{Error, browser_sessions::StartedSession, permissions::SETTINGS_MANAGE, secret_hash::SecretHash};

const COOKIE_NAME: &str = "belvedere_setup";

/// Signing in elsewhere takes minutes at most.
const LIFETIME: Duration = Duration::from_mins(30);

const TOKEN_BYTES: usize = 32;

impl Service {
    /// The account whose owner may sign in although they are no user, so that it can be attached.
    pub async fn attached_account(&self) -> Result<Option<Did>, ServiceError> {
        let identity = self.snapshot().await?.identity.clone();
        Ok(identity
            .filter(|identity| identity.mode == Mode::AttachAccount)
            .and_then(|it| it.attached_account))
    }

    /// The value of `Set-Cookie` that lets this browser return to the session of `operator`.
    pub(crate) async fn way_back(&self, operator: &str) -> Result<HeaderValue, ServiceError> {
        let mut token = [0; TOKEN_BYTES];
        rand::fill(&mut token).map_err(|_| Error::Randomness)?;
        let token = BASE64URL_NOPAD.encode(&token);
        let operator = Bytes::copy_from_slice(operator.as_bytes());
        self.parts.cache.set(&cache_key(&token), operator, LIFETIME).await?;
        let is_secure = self.parts.domains.primary().is_some_and(|domain| domain.url.starts_with("https:"));
        let secure = if is_secure { "; Secure" } else { "" };
        let cookie = format!(
            "{COOKIE_NAME}={token}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{secure}",
            LIFETIME.as_secs()
        );
        let mut cookie = HeaderValue::try_from(cookie).map_err(|_| Error::Sealing)?;
        cookie.set_sensitive(true);
        Ok(cookie)
    }

    /// Begins a session of the operator in a browser that is signed in as the attached account, and ends that one.
    pub(crate) async fn return_to(
        &self,
        operator: &Did,
        caller: &Caller,
        headers: &HeaderMap,
    ) -> Result<StartedSession, ServiceError> {
        self.check_in_setup().await?;
        let Principal::BrowserSession { did, session_id, .. } = &caller.principal else {
            return Err(ServiceError::NoWayBack);
        };
        if self.attached_account().await?.is_none_or(|account| account.as_str() != &**did) {
            return Err(ServiceError::NoWayBack);
        }
        let token = token(headers).ok_or(ServiceError::NoWayBack)?;
        let came_from = self.parts.cache.take(&cache_key(token)).await?;
        let rights = self.parts.users.rights(operator).await?;
        let may = rights.is_some_and(|rights| rights.permissions.contains(SETTINGS_MANAGE));
        if came_from.as_deref() != Some(operator.as_str().as_bytes()) || !may {
            return Err(ServiceError::NoWayBack);
        }
        self.parts.browser_sessions.end(session_id).await?;
        Ok(self.parts.browser_sessions.start(operator, None).await?)
    }
}

/// The token itself is in the cookie only.
fn cache_key(token: &str) -> String {
    format!("setup-return:{}", SecretHash::of(token).to_hex())
}

fn token(headers: &HeaderMap) -> Option<&str> {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut tokens = pairs
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, token)| *name == COOKIE_NAME && token.len() < 64)
        .map(|(_, token)| token);
    tokens.next()
}
