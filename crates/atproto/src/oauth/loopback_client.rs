//! Clients without a published document, for development.

use std::fmt;

use url::form_urlencoded;

use super::redirect_uri::is_loopback_address;
use super::{ApplicationType, ClientAuthentication, ClientMetadata, DocumentError, web_url};

const DOCUMENT: &str = "client id of a loopback client";

/// The origin that is no host: `localhost` without a port.
const ORIGIN: &str = "http://localhost";

/// Most redirect URIs a client id may have.
const MAX_REDIRECTS: usize = 16;

/// A client whose id says everything: `http://localhost?redirect_uri=…&scope=…`. It runs on the user's own machine and
/// is public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoopbackClient {
    redirect_uris: Vec<String>,
    scope: String,
}

impl LoopbackClient {
    /// A client that is called back at these URIs, each `http://127.0.0.1…` or `http://[::1]…`, and asks for scopes
    /// (separated by spaces) of which one is `atproto`.
    pub fn new(redirect_uris: Vec<String>, scope: &str) -> Result<Self, DocumentError> {
        let invalid = |member, rule| Err(DocumentError::Member { document: DOCUMENT, member, rule });
        if !scope.split(' ').any(|scope| scope == "atproto") {
            return invalid("scope", "must contain atproto");
        }
        if redirect_uris.is_empty() || redirect_uris.len() > MAX_REDIRECTS {
            return invalid("redirect_uri", "must be there once to sixteen times");
        }
        if !redirect_uris.iter().all(|uri| is_loopback_redirect(uri)) {
            return invalid("redirect_uri", "must be an http URL of 127.0.0.1 or [::1]");
        }
        Ok(Self { redirect_uris, scope: scope.to_owned() })
    }

    /// Reads a client id. Without parameters it means the root of both loopback addresses at any port, and the scope
    /// `atproto`.
    pub fn parse(client_id: &str) -> Result<Self, DocumentError> {
        let invalid = |member, rule| DocumentError::Member { document: DOCUMENT, member, rule };
        let rest = client_id.strip_prefix(ORIGIN);
        let rest = rest.map(|rest| rest.strip_prefix('/').unwrap_or(rest));
        let query = rest.and_then(|rest| if rest.is_empty() { Some(rest) } else { rest.strip_prefix('?') });
        let query = query.filter(|query| !query.contains('#'));
        let query =
            query.ok_or_else(|| invalid("origin", "must be http://localhost, without port and path"))?;
        let (mut redirect_uris, mut scope) = (Vec::new(), None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "redirect_uri" => redirect_uris.push(value.into_owned()),
                "scope" if scope.is_none() => scope = Some(value.into_owned()),
                "scope" => return Err(invalid("scope", "must be there once")),
                _ => return Err(invalid("query", "must have no parameters but redirect_uri and scope")),
            }
        }
        if redirect_uris.is_empty() {
            redirect_uris = vec!["http://127.0.0.1/".to_owned(), "http://[::1]/".to_owned()];
        }
        Self::new(redirect_uris, scope.as_deref().unwrap_or("atproto"))
    }

    /// The document that the client would publish.
    #[must_use]
    pub fn metadata(&self) -> ClientMetadata {
        ClientMetadata {
            client_id: self.to_string(),
            application_type: ApplicationType::Native,
            grant_types: vec!["authorization_code".to_owned(), "refresh_token".to_owned()],
            response_types: vec!["code".to_owned()],
            scope: self.scope.clone(),
            redirect_uris: self.redirect_uris.clone(),
            dpop_bound_access_tokens: true,
            token_endpoint_auth_method: ClientAuthentication::None,
            token_endpoint_auth_signing_alg: None,
            jwks: None,
            jwks_uri: None,
            client_name: None,
            client_uri: None,
            logo_uri: None,
            tos_uri: None,
            policy_uri: None,
        }
    }
}

/// The client id.
impl fmt::Display for LoopbackClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.redirect_uris.iter().map(|uri| ("redirect_uri", uri)));
        query.append_pair("scope", &self.scope);
        write!(f, "{ORIGIN}?{}", query.finish())
    }
}

fn is_loopback_redirect(uri: &str) -> bool {
    web_url::parse(uri).is_some_and(|url| url.scheme() == "http" && is_loopback_address(&url))
}
