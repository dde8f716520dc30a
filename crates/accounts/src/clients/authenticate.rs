//! Which client is calling, proved (spec/appview.md §7.2).

use http::{HeaderMap, header::ORIGIN};

use super::{
    ClientError, ClientType, Clients,
    find::UsableClient,
    headers::{X_CLIENT_KEY, X_CLIENT_SECRET, single},
};

impl Clients {
    /// The client that a request names, unproved.
    pub(super) async fn named(&self, headers: &HeaderMap) -> Result<UsableClient, ClientError> {
        let key = single(headers, &X_CLIENT_KEY)?;
        self.usable(key.ok_or_else(|| ClientError::unauthenticated("X-Client-Key header required"))?).await
    }
}

impl UsableClient {
    /// Proves the client by what it can show before any of its users is known: a confidential one its secret, a public one
    /// the origin of its page, if it is bound to origins. A public client proves more with its keys, later.
    pub(super) fn prove(&self, headers: &HeaderMap) -> Result<(), ClientError> {
        let secret = single(headers, &X_CLIENT_SECRET)?;
        match (self.client_type, secret) {
            (ClientType::Confidential, None) => {
                Err(ClientError::unauthenticated("non-public clients must provide X-Client-Secret"))
            }
            (ClientType::Confidential, Some(secret)) if self.has_secret(secret) => Ok(()),
            (_, Some(_)) => Err(ClientError::unauthenticated("invalid client credentials")),
            (ClientType::Public, None) => self.prove_origin(headers),
        }
    }

    fn prove_origin(&self, headers: &HeaderMap) -> Result<(), ClientError> {
        if self.allowed_origins.as_ref().is_none_or(Vec::is_empty) {
            return Ok(());
        }
        match single(headers, &ORIGIN)? {
            Some(origin) if self.has_origin(origin) => Ok(()),
            Some(_) => Err(ClientError::unauthenticated("origin not allowed for this client")),
            None => Err(ClientError::unauthenticated("Origin header required for public clients")),
        }
    }
}
