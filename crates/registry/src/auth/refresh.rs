//! Tokens that stand for a login, for clients that do not want to keep a secret (spec/registry.md §2.1).
//!
//! Such a token is signed and kept nowhere. It is worth as much as what it stands for: the device, which may be revoked, or the
//! session that an app password began, that one and no other of the account, which the PDS ends.

use atproto::Did;
use serde::{Deserialize, Serialize};

use super::key::Kind;
use super::tokens::now_seconds;
use super::{Auth, Error, Login, LoginError, Method, Tokens};

/// How long one lasts, in seconds: ninety days.
const LIFE: i64 = 90 * 24 * 3600;

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Did,
    exp: i64,
    iat: i64,
    auth_method: Method,
    handle: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    dev: Option<String>,
    /// What the app password is known by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ses: Option<String>,
}

impl Tokens {
    /// A refresh token for a login, if it is of a kind that can have one.
    pub(super) fn refresh_token(&self, login: &Login) -> Result<Option<String>, Error> {
        if !matches!(login.method, Method::Device | Method::AppPassword) {
            return Ok(None);
        }
        let now = now_seconds();
        let claims = Claims {
            iss: self.service().to_owned(),
            aud: self.service().to_owned(),
            sub: login.did.clone(),
            exp: now + LIFE,
            iat: now,
            auth_method: login.method,
            handle: login.handle.clone(),
            dev: login.device.clone(),
            ses: login.session.clone(),
        };
        self.signed(Kind::Refresh, &claims).map(Some)
    }

    fn read_refresh_token(&self, token: &str) -> Option<Claims> {
        let claims = self.key().open_token(Kind::Refresh, token)?;
        let claims: Claims = serde_json::from_slice(&claims).ok()?;
        let is_ours = claims.iss == self.service() && claims.aud == self.service();
        (is_ours && now_seconds() < claims.exp).then_some(claims)
    }
}

impl Auth {
    /// Who has got a refresh token, if what it stands for is still good.
    pub(super) async fn refreshed(&self, token: &str) -> Result<Login, LoginError> {
        let claims = self.tokens().read_refresh_token(token).ok_or(LoginError::Refused)?;
        match (claims.auth_method, claims.dev, claims.ses) {
            (Method::Device, Some(id), None) => {
                let device = self.credentials().devices.by_id(&id).await?;
                let device = device.filter(|device| device.did == claims.sub).ok_or(LoginError::Refused)?;
                Ok(device.login())
            }
            // Another password of the account is no help to whoever has lost theirs.
            (Method::AppPassword, None, Some(id)) => {
                let session = self.passwords().session_of(&claims.sub, &id).await?;
                session.ok_or(LoginError::Refused)?.confirm().await?;
                let (did, handle) = (claims.sub, claims.handle);
                Ok(Login { did, handle, method: Method::AppPassword, device: None, session: Some(id) })
            }
            _ => Err(LoginError::Refused),
        }
    }
}
