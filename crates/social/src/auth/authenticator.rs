//! The credentials of this app's mounts, for the shell.

use std::sync::Arc;

use futures::future::BoxFuture;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use http::request::Parts;
use server::{AuthError, Authenticator, Caller, Credential, PermissionSet, Principal};
use store::v;

use super::api_keys::hash;
use super::identity::Identity;
use crate::services::Services;
use crate::{Error, Id};

/// Uses closer together than this are one use, in microseconds.
const USE: i64 = 3600 * 1_000_000;

/// Tokens and keys of this app; without one, the cookie of somebody who signed in on this server's pages.
pub(crate) struct SocialAuthenticator {
    pub(crate) services: Services,
    /// Who knows the cookies.
    pub(crate) site: Option<Arc<dyn Authenticator>>,
}

/// What a request shows.
enum Shown<'h> {
    Token(&'h str),
    Key(&'h str),
    /// Something that is no credential of ours.
    Other,
    Nothing,
}

impl Shown<'_> {
    /// A token counts before a key (spec/social.md §3.1).
    fn of(headers: &HeaderMap) -> Shown<'_> {
        if let Some(value) = headers.get(AUTHORIZATION) {
            let Some((scheme, rest)) = value.to_str().ok().and_then(|value| value.split_once(' ')) else {
                return Shown::Other;
            };
            return match scheme.to_ascii_lowercase().as_str() {
                "bearer" => Shown::Token(rest.trim()),
                "apikey" => Shown::Key(rest.trim()),
                _ => Shown::Other,
            };
        }
        match headers.get("x-api-key").map(|value| value.to_str()) {
            Some(Ok(key)) => Shown::Key(key.trim()),
            Some(Err(_)) => Shown::Other,
            None => Shown::Nothing,
        }
    }
}

impl Authenticator for SocialAuthenticator {
    fn authenticate<'a>(
        &'a self,
        parts: &'a Parts,
        _: &'a [Credential],
    ) -> BoxFuture<'a, Result<Option<Caller>, AuthError>> {
        Box::pin(async move {
            let refused = || AuthError::Invalid("the credential is not good, or not any more".into());
            let identity = match Shown::of(&parts.headers) {
                Shown::Token(token) => self.of_token(token).await,
                Shown::Key(key) => self.of_key(key).await,
                Shown::Other => return Err(refused()),
                Shown::Nothing => return self.of_cookie(parts).await,
            };
            let identity = identity.map_err(unavailable)?.ok_or_else(refused)?;
            let id: Arc<str> = identity.id.to_string().into();
            let principal = Principal::AppAccount { account_id: id.clone(), token_id: id };
            Ok(Some(self.caller(principal, &identity)))
        })
    }
}

impl SocialAuthenticator {
    async fn of_token(&self, token: &str) -> Result<Option<Identity>, Error> {
        let Some(claims) = self.services.tokens().read(token, clock::now_micros()) else { return Ok(None) };
        let uuid = claims.sub.to_string();
        let identity = self.services.state().read_brief(move |conn| Identity::by_uuid(conn, &uuid)).await?;
        Ok(identity.filter(|identity| identity.changed_at == claims.changed_at))
    }

    async fn of_key(&self, key: &str) -> Result<Option<Identity>, Error> {
        let hash = hash(key);
        self.services.state().read_brief(move |conn| Identity::by_key(conn, &hash)).await
    }

    /// Whoever signed in on a page; they may have no profile here yet.
    async fn of_cookie(&self, parts: &Parts) -> Result<Option<Caller>, AuthError> {
        let Some(site) = &self.site else { return Ok(None) };
        let caller = site.authenticate(parts, &[Credential::Cookie]).await?;
        let Some(caller) = caller else { return Ok(None) };
        let Some(did) = caller.principal.did().map(str::to_owned) else { return Ok(None) };
        let found = self.services.state().read_brief(move |conn| Identity::by_did(conn, &did)).await;
        Ok(Some(match found.map_err(unavailable)? {
            Some(identity) => self.caller(caller.principal, &identity),
            None => {
                Caller { principal: caller.principal, user_id: None, permissions: PermissionSet::default() }
            }
        }))
    }

    fn caller(&self, principal: Principal, identity: &Identity) -> Caller {
        let now = clock::now_micros();
        if identity.active_at.is_none_or(|at| now - at > USE) {
            self.note_use(identity.id, now);
        }
        let permissions = identity.permissions();
        Caller { principal, user_id: Some(identity.id.to_string().into()), permissions }
    }

    /// Writes down, some time soon, that they did something.
    fn note_use(&self, id: Id, now: i64) {
        let services = self.services.clone();
        tokio::spawn(async move {
            let sql = "UPDATE social_users SET active_at = $2 WHERE id = $1";
            let noted = services.state().write_brief(move |conn| conn.execute(sql, &[id.into(), v(now)]));
            if let Err(error) = noted.await {
                tracing::debug!(%error, "that somebody is active was not noted");
            }
        });
    }
}

fn unavailable(error: Error) -> AuthError {
    AuthError::Unavailable(error.into())
}
