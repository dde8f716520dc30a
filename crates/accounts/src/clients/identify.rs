//! Whom a call is counted against (spec/appview.md §3.3).

use std::sync::Arc;

use http::{header::ORIGIN, request::Parts};
use metrics::counter;
use server::{Caller, Principal};
use tracing::debug;

use super::{
    ApiClient, ClientError, Clients,
    find::UsableClient,
    headers::{X_CLIENT_KEY, X_CLIENT_SECRET, single},
};

/// A token bucket's measures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateLimit {
    /// Tokens it holds.
    pub capacity: u32,
    /// Tokens per second it gets back.
    pub refill_rate: f64,
}

/// Whom a call is counted against.
#[derive(Clone, Debug, PartialEq)]
pub enum ClientIdentity {
    /// An app.
    Client {
        /// Which.
        client: Arc<ApiClient>,
        /// Its own limit, or the server's default.
        limit: RateLimit,
        /// Whether it is the app itself that calls, which its secret shows. Anybody can name its key.
        proven: bool,
    },
    /// Another server, on behalf of this DID.
    Service(Arc<str>),
    /// The dashboard of this server, used by this DID.
    Dashboard(Arc<str>),
    /// Somebody who does not say.
    Anonymous,
}

impl Clients {
    /// Finds out which app a call comes from: the one its session belongs to, else the one it names in `X-Client-Key`
    /// or in the query parameter `client_key`. Checks that the app may be called on from there.
    pub async fn identify(
        &self,
        parts: &Parts,
        caller: Option<&Caller>,
    ) -> Result<ClientIdentity, ClientError> {
        let principal = caller.map(|caller| &caller.principal);
        if let Some(Principal::Service { did, .. }) = principal {
            return Ok(ClientIdentity::Service(did.clone()));
        }
        let of_session = match principal {
            Some(Principal::Dpop { client_key, .. }) => Some(client_key.as_ref().to_owned()),
            Some(Principal::BrowserSession { client_key, .. }) => client_key.as_deref().map(str::to_owned),
            _ => None,
        };
        let key = match of_session {
            Some(key) => Some(key),
            None => named(parts)?,
        };
        let Some(key) = key else { return self.unnamed(parts, principal) };
        let client = self.usable(&key).await?;
        let proven = self.check_origin(parts, &client)?;
        let limit = RateLimit {
            capacity: client.rate_limit_capacity.unwrap_or(self.parts.default_limit.capacity),
            refill_rate: client.rate_limit_refill_rate.unwrap_or(self.parts.default_limit.refill_rate),
        };
        Ok(ClientIdentity::Client { client: client.to_client(), limit, proven })
    }

    fn unnamed(&self, parts: &Parts, principal: Option<&Principal>) -> Result<ClientIdentity, ClientError> {
        let missing = || Err(ClientError::unauthenticated("Missing client identification"));
        match principal {
            Some(Principal::BrowserSession { did, .. }) => match single(&parts.headers, &ORIGIN)? {
                Some(origin) if !self.parts.domains.has_origin(origin) => missing(),
                _ => Ok(ClientIdentity::Dashboard(did.clone())),
            },
            _ if self.parts.settings.current().require_client_key => missing(),
            _ => Ok(ClientIdentity::Anonymous),
        }
    }

    /// Checks that the app may be called on from this page or with this secret; whether a secret showed it. Existing deployments have clients whose
    /// origins were never checked, so a foreign page is refused only where the operator wants that.
    fn check_origin(&self, parts: &Parts, client: &UsableClient) -> Result<bool, ClientError> {
        if let Some(origin) = single(&parts.headers, &ORIGIN)? {
            if client.has_origin(origin) {
                return Ok(false);
            }
            counter!("api_client_foreign_origin_total").increment(1);
            if self.parts.settings.current().enforce_client_origin {
                return Err(ClientError::unauthenticated("Origin not allowed for this client"));
            }
            // Any stranger can cause it.
            debug!(
                client_key = client.client_key,
                origin, "an API client is used by a page of another origin"
            );
            return Ok(false);
        }
        match single(&parts.headers, &X_CLIENT_SECRET)? {
            Some(secret) if !client.has_secret(secret) => {
                Err(ClientError::unauthenticated("Invalid client secret"))
            }
            secret => Ok(secret.is_some()),
        }
    }
}

/// The key that a request without a session names.
fn named(parts: &Parts) -> Result<Option<String>, ClientError> {
    if let Some(key) = single(&parts.headers, &X_CLIENT_KEY)? {
        return Ok(Some(key.to_owned()));
    }
    let query = parts.uri.query().unwrap_or_default();
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    Ok(pairs.find(|(name, _)| name == "client_key").map(|(_, key)| key.into_owned()))
}
