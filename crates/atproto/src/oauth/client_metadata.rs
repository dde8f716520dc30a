//! The metadata document of a client.

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::document::{Rules, lists, read};
use super::{DocumentError, redirect_uri, web_url};
use crate::jose::JwkSet;

const DOCUMENT: &str = "client metadata";

/// Where a client runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ApplicationType {
    /// On a web server or in a browser.
    #[default]
    Web,
    /// Installed on a device.
    Native,
}

/// How a client proves who it is when it asks for tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthentication {
    /// Not at all: a public client.
    None,
    /// By an assertion signed with a key of its published set.
    PrivateKeyJwt,
}

/// Who a client is, published at the URL that is its id (RFC 7591, section 2, as the profile restricts it).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientMetadata {
    /// The URL of the document.
    pub client_id: String,
    /// Where the client runs.
    #[serde(default)]
    pub application_type: ApplicationType,
    /// `authorization_code`, and `refresh_token` if sessions shall outlive an access token.
    pub grant_types: Vec<String>,
    /// `code`.
    pub response_types: Vec<String>,
    /// Every scope the client may ask for, separated by spaces.
    pub scope: String,
    /// Where users may be sent back to.
    pub redirect_uris: Vec<String>,
    /// Always true.
    #[serde(default)]
    pub dpop_bound_access_tokens: bool,
    /// How the client proves who it is.
    pub token_endpoint_auth_method: ClientAuthentication,
    /// The algorithm of its assertions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_signing_alg: Option<String>,
    /// The keys of its assertions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks: Option<JwkSet>,
    /// Where those keys are, if they are elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    /// Its name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_name: Option<String>,
    /// Its home page, on the same origin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_uri: Option<String>,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo_uri: Option<String>,
    /// Its terms of service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tos_uri: Option<String>,
    /// Its privacy policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_uri: Option<String>,
}

impl ClientMetadata {
    /// Reads the document that is served at `client_id`, and checks it against the profile.
    pub fn parse(json: &[u8], client_id: &str) -> Result<Self, DocumentError> {
        let metadata: Self = read(DOCUMENT, json)?;
        Rules(DOCUMENT).require(
            metadata.client_id == client_id,
            "client_id",
            "must be the URL the document is served at",
        )?;
        metadata.check()?;
        Ok(metadata)
    }

    /// Checks the document against the profile, as an authorization server will.
    pub fn check(&self) -> Result<(), DocumentError> {
        let rules = Rules(DOCUMENT);
        let Some(client_id) = client_id_url(&self.client_id) else {
            let rule = "must be an https URL of a document on a named host";
            return Err(DocumentError::Member { document: DOCUMENT, member: "client_id", rule });
        };
        let has_code = lists(&self.grant_types, "authorization_code");
        rules.require(has_code, "grant_types", "must list authorization_code")?;
        rules.require(lists(&self.response_types, "code"), "response_types", "must list code")?;
        let has_atproto = self.scope.split(' ').any(|scope| scope == "atproto");
        rules.require(has_atproto, "scope", "must contain atproto")?;
        rules.require(self.dpop_bound_access_tokens, "dpop_bound_access_tokens", "must be true")?;
        rules.require(!self.redirect_uris.is_empty(), "redirect_uris", "must not be empty")?;
        let redirects = self.redirect_uris.iter();
        let acceptable =
            redirects.clone().all(|uri| redirect_uri::is_acceptable(uri, self.application_type, &client_id));
        rules.require(acceptable, "redirect_uris", "must be ones the application type allows")?;
        self.check_authentication(&rules)?;
        self.check_links(&rules, &client_id)
    }

    /// Whether users may be sent back to `uri`.
    #[must_use]
    pub fn allows_redirect(&self, uri: &str) -> bool {
        self.redirect_uris.iter().any(|registered| redirect_uri::matches(registered, uri))
    }

    fn check_authentication(&self, rules: &Rules) -> Result<(), DocumentError> {
        if self.token_endpoint_auth_method == ClientAuthentication::None {
            return Ok(());
        }
        let is_web = self.application_type == ApplicationType::Web;
        rules.require(is_web, "token_endpoint_auth_method", "must be none for a native application")?;
        let alg = self.token_endpoint_auth_signing_alg.as_deref();
        rules.require(alg == Some("ES256"), "token_endpoint_auth_signing_alg", "must be ES256")?;
        let has_one = self.jwks.is_some() != self.jwks_uri.is_some();
        rules.require(has_one, "jwks", "must be there, or else jwks_uri, but not both")?;
        let has_keys = self.jwks.as_ref().is_none_or(|jwks| !jwks.keys.is_empty());
        rules.require(has_keys, "jwks", "must have a named key on P-256")?;
        let is_uri = self.jwks_uri.as_deref().is_none_or(is_https);
        rules.require(is_uri, "jwks_uri", "must be an https URL")
    }

    fn check_links(&self, rules: &Rules, client_id: &Url) -> Result<(), DocumentError> {
        for (link, member) in
            [(&self.logo_uri, "logo_uri"), (&self.tos_uri, "tos_uri"), (&self.policy_uri, "policy_uri")]
        {
            rules.require(link.as_deref().is_none_or(is_https), member, "must be an https URL")?;
        }
        let is_home = self
            .client_uri
            .as_deref()
            .is_none_or(|uri| is_https(uri) && Url::parse(uri).is_ok_and(|uri| is_parent(&uri, client_id)));
        rules.require(is_home, "client_uri", "must be a parent of the client_id")
    }
}

/// The address of a metadata document, if `client_id` is one: `https`, a host with a name, a path that names a file.
fn client_id_url(client_id: &str) -> Option<Url> {
    let url = web_url::parse(client_id).filter(|url| url.scheme() == "https")?;
    let is_named = matches!(url.host(), Some(Host::Domain(_))) && !web_url::is_local(&url);
    let is_file = !url.path().ends_with('/');
    // Any other spelling of the URL would be another client.
    (is_named && is_file && url.as_str() == client_id).then_some(url)
}

fn is_https(uri: &str) -> bool {
    web_url::parse(uri).is_some_and(|url| url.scheme() == "https")
}

/// Whether `child` is the same page or below it.
fn is_parent(parent: &Url, child: &Url) -> bool {
    let folder = parent.path().trim_end_matches('/');
    let below = child.path().strip_prefix(folder);
    parent.origin() == child.origin() && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
