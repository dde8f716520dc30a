//! From a PDS to its authorization server.

use std::time::Duration;

use atproto::oauth::{AuthorizationServer, ProtectedResource};
use bytes::Bytes;
use http::{StatusCode, header::CONTENT_TYPE};
use outbound::{Redirects, Response};
use tracing::debug;
use url::Url;

use super::{Authorities, MAX_BYTES};
use crate::pds::PdsError;

/// How long what a server says of itself is believed where nothing is decided by it.
const REMEMBERED: Duration = Duration::from_mins(10);

impl Authorities {
    /// The authorization server of a PDS, asked anew: a sign-in rests on it.
    pub(in crate::pds) async fn of_pds(&self, pds: &Url) -> Result<AuthorizationServer, PdsError> {
        let resource = pds.origin().ascii_serialization();
        let document = self.document(&resource, ProtectedResource::PATH).await?;
        let document = ProtectedResource::parse(&document, &resource)
            .map_err(|error| PdsError::document(&resource, &error))?;
        let issuer = document.authorization_server;
        let document = self.document(&issuer, AuthorizationServer::PATH).await?;
        self.read(&document, &issuer).await
    }

    /// The authorization server with this name, which was found before.
    pub(in crate::pds) async fn with_issuer(&self, issuer: &str) -> Result<AuthorizationServer, PdsError> {
        let remembered = self.cache.get(&cache_key(issuer)).await;
        if let Ok(Some(document)) = remembered
            && let Ok(server) = AuthorizationServer::parse(&document, issuer)
        {
            return Ok(server);
        }
        let document = self.document(issuer, AuthorizationServer::PATH).await?;
        self.read(&document, issuer).await
    }

    async fn read(&self, document: &Bytes, issuer: &str) -> Result<AuthorizationServer, PdsError> {
        let server = AuthorizationServer::parse(document, issuer)
            .map_err(|error| PdsError::document(issuer, &error))?;
        if let Err(error) = self.cache.set(&cache_key(issuer), document.clone(), REMEMBERED).await {
            debug!(%error, "the metadata of an authorization server is not remembered");
        }
        Ok(server)
    }

    /// A document that a server publishes: 200, JSON, and where it belongs, not where a redirect leads.
    async fn document(&self, origin: &str, path: &str) -> Result<Bytes, PdsError> {
        let url = Url::parse(origin).and_then(|origin| origin.join(path));
        let url = url.map_err(|_| PdsError::misbehaved(origin, "its name is not a URL"))?;
        let request = self.outbound.get(&url).accept("application/json");
        let answer = request.redirects(Redirects::None).max_bytes(MAX_BYTES).send().await?;
        if answer.status == StatusCode::OK && is_json(&answer) {
            return Ok(answer.body);
        }
        let problem = format!("{path} answered {} and not 200 with JSON", answer.status.as_u16());
        Err(PdsError::misbehaved(origin, problem))
    }
}

fn cache_key(issuer: &str) -> String {
    format!("oauth:issuer:{issuer}")
}

fn is_json(answer: &Response) -> bool {
    let media_type =
        answer.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/json")
}
