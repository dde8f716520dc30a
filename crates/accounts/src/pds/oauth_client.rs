//! This server as an OAuth client, on one of its domains.

use atproto::oauth::{ApplicationType, ClientAuthentication, ClientMetadata, LoopbackClient};
use url::Url;

use super::PdsError;
use crate::{
    domains::{Domain, is_loopback},
    settings::CurrentSettings,
};

/// Who this server is to authorization servers. Each domain is a client of its own, because browsers come back to where
/// they left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OAuthClient {
    /// The address of this server's pages, without a slash at the end.
    pub(super) base: String,
    /// On the user's own machine there is no address that an authorization server could fetch a document from.
    is_loopback: bool,
    is_primary: bool,
}

impl OAuthClient {
    /// The client of a domain whose pages are below `base_path`.
    pub(super) fn of(domain: &Domain, base_path: &str) -> Self {
        let (is_loopback, origin) = match Url::parse(&domain.url) {
            Ok(url) => {
                loopback_origin(url).map_or_else(|| (false, domain.url.clone()), |origin| (true, origin))
            }
            Err(_) => (false, domain.url.clone()),
        };
        Self { base: format!("{origin}{base_path}"), is_loopback, is_primary: domain.is_primary }
    }

    /// Where users come back to.
    pub(super) fn redirect_uri(&self) -> String {
        format!("{}/auth/callback", self.base)
    }

    /// How an authorization server knows the client that asks for these scopes.
    pub(super) fn client_id(&self, scope: &str) -> Result<String, PdsError> {
        if !self.is_loopback {
            return Ok(format!("{}/oauth-client-metadata.json", self.base));
        }
        let client = LoopbackClient::new(vec![self.redirect_uri()], scope);
        client.map(|client| client.to_string()).map_err(|error| PdsError::bad_request(error.to_string()))
    }

    /// Whether a browser that calls this server by the name `host` will bring the cookies along when it comes back. On the
    /// user's own machine, which has several names, it may not.
    pub(super) fn is_at(&self, host: Option<&str>) -> bool {
        let base = Url::parse(&self.base).ok();
        !self.is_loopback || host.is_some_and(|host| base.as_ref().and_then(Url::host_str) == Some(host))
    }

    /// The document that authorization servers fetch (spec/appview.md §3.8).
    pub(super) fn metadata(&self, settings: &CurrentSettings) -> Result<ClientMetadata, PdsError> {
        // What may be asked for, not what is: `atproto` alone unless the sign-in names more. Who wants to write with the
        // browser's session needs the second; the third is for what the primary domain does about identities.
        let scope = if self.is_primary {
            "atproto transition:generic identity:*"
        } else {
            "atproto transition:generic"
        };
        let https = |link: &Option<String>| link.clone().filter(|link| link.starts_with("https://"));
        let home =
            https(&settings.client_uri).filter(|home| self.base.starts_with(home.trim_end_matches('/')));
        Ok(ClientMetadata {
            client_id: self.client_id(scope)?,
            application_type: ApplicationType::Web,
            grant_types: vec!["authorization_code".into(), "refresh_token".into()],
            response_types: vec!["code".into()],
            scope: scope.into(),
            redirect_uris: vec![self.redirect_uri()],
            dpop_bound_access_tokens: true,
            token_endpoint_auth_method: ClientAuthentication::None,
            token_endpoint_auth_signing_alg: None,
            jwks: None,
            jwks_uri: None,
            client_name: Some(settings.app_name.clone().unwrap_or_else(|| "Belvedere".into())),
            client_uri: Some(home.unwrap_or_else(|| self.base.clone())),
            logo_uri: https(&settings.logo_uri),
            tos_uri: https(&settings.tos_uri),
            policy_uri: https(&settings.policy_uri),
        })
    }
}

/// The origin of a server on the user's own machine as authorization servers take it: by address, because the name may
/// lead elsewhere. None of any other server.
fn loopback_origin(mut url: Url) -> Option<String> {
    if !is_loopback(&url) {
        return None;
    }
    if url.host_str() == Some("localhost") {
        url.set_host(Some("127.0.0.1")).ok()?;
    }
    Some(url.origin().ascii_serialization())
}
