//! The credentials of this app's mounts, for the shell.

use futures::future::BoxFuture;
use http::HeaderValue;
use http::header::AUTHORIZATION;
use http::request::Parts;
use server::{AuthError, Authenticator, Caller, Credential, PermissionSet, Principal};

use super::Tokens;
use crate::client::{Clients, claimed_name};

/// Takes `Authorization: Bearer` and nothing else; a header of any other kind counts as none (spec/sync.md §0.1).
pub(crate) struct TokenAuthenticator {
    pub(crate) tokens: Tokens,
    /// Told of the programs of whoever has a token.
    pub(crate) clients: Clients,
}

impl Authenticator for TokenAuthenticator {
    fn authenticate<'a>(
        &'a self,
        parts: &'a Parts,
        _: &'a [Credential],
    ) -> BoxFuture<'a, Result<Option<Caller>, AuthError>> {
        Box::pin(async move {
            let header = parts.headers.get(AUTHORIZATION).map(HeaderValue::as_bytes);
            let Some(token) = header.and_then(|header| header.strip_prefix(b"Bearer ")) else {
                return Ok(None);
            };
            let refused = || AuthError::Invalid("Invalid token".into());
            let token = std::str::from_utf8(token).map_err(|_| refused())?;
            let verified = self.tokens.verify(token).await;
            let identity =
                verified.map_err(|error| AuthError::Unavailable(error.into()))?.ok_or_else(refused)?;
            if let Some(client) = claimed_name(&parts.headers) {
                self.clients.admit(client);
            }
            Ok(Some(Caller {
                principal: Principal::AppAccount { account_id: identity.account, token_id: identity.token },
                user_id: None,
                permissions: PermissionSet::default(),
            }))
        })
    }
}
