//! The metadata of an authorization server (RFC 8414).

use serde::Deserialize;

use super::document::{Rules, lists, read};
use super::{DocumentError, web_url};

const DOCUMENT: &str = "authorization server metadata";

/// What a client needs to know of an authorization server that keeps to the profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationServer {
    /// Its name, which is the origin its metadata is served at.
    pub issuer: String,
    /// Where the user is sent.
    pub authorization_endpoint: String,
    /// Where codes and refresh tokens are exchanged.
    pub token_endpoint: String,
    /// Where a request is lodged before the user is sent.
    pub pushed_authorization_request_endpoint: String,
    /// Where tokens are given back, if that is possible.
    pub revocation_endpoint: Option<String>,
    /// The scopes it names; it may grant others.
    pub scopes_supported: Vec<String>,
}

#[derive(Deserialize)]
struct Wire {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    pushed_authorization_request_endpoint: String,
    revocation_endpoint: Option<String>,
    scopes_supported: Vec<String>,
    response_types_supported: Vec<String>,
    grant_types_supported: Vec<String>,
    code_challenge_methods_supported: Vec<String>,
    token_endpoint_auth_methods_supported: Vec<String>,
    token_endpoint_auth_signing_alg_values_supported: Vec<String>,
    dpop_signing_alg_values_supported: Vec<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
    #[serde(default)]
    require_pushed_authorization_requests: bool,
    #[serde(default)]
    client_id_metadata_document_supported: bool,
}

impl AuthorizationServer {
    /// The path of the document below the issuer.
    pub const PATH: &str = "/.well-known/oauth-authorization-server";

    /// Reads the document that is served at the origin `issuer`, and checks it against the profile.
    pub fn parse(json: &[u8], issuer: &str) -> Result<Self, DocumentError> {
        let wire: Wire = read(DOCUMENT, json)?;
        let rules = Rules(DOCUMENT);
        rules.require(web_url::is_origin(&wire.issuer), "issuer", "must be an https origin")?;
        rules.require(wire.issuer == issuer, "issuer", "must be the origin the document is served at")?;
        wire.check_capabilities(&rules)?;
        wire.check_endpoints(&rules)?;
        Ok(Self {
            issuer: wire.issuer,
            authorization_endpoint: wire.authorization_endpoint,
            token_endpoint: wire.token_endpoint,
            pushed_authorization_request_endpoint: wire.pushed_authorization_request_endpoint,
            revocation_endpoint: wire.revocation_endpoint,
            scopes_supported: wire.scopes_supported,
        })
    }
}

impl Wire {
    fn check_capabilities(&self, rules: &Rules) -> Result<(), DocumentError> {
        for (list, member, item, rule) in [
            (&self.scopes_supported, "scopes_supported", "atproto", "must list atproto"),
            (&self.response_types_supported, "response_types_supported", "code", "must list code"),
            (
                &self.grant_types_supported,
                "grant_types_supported",
                "authorization_code",
                "must list authorization_code",
            ),
            (
                &self.grant_types_supported,
                "grant_types_supported",
                "refresh_token",
                "must list refresh_token",
            ),
            (
                &self.code_challenge_methods_supported,
                "code_challenge_methods_supported",
                "S256",
                "must list S256",
            ),
            (
                &self.token_endpoint_auth_methods_supported,
                "token_endpoint_auth_methods_supported",
                "none",
                "must list none",
            ),
            (
                &self.token_endpoint_auth_methods_supported,
                "token_endpoint_auth_methods_supported",
                "private_key_jwt",
                "must list private_key_jwt",
            ),
            (
                &self.token_endpoint_auth_signing_alg_values_supported,
                "token_endpoint_auth_signing_alg_values_supported",
                "ES256",
                "must list ES256",
            ),
            (
                &self.dpop_signing_alg_values_supported,
                "dpop_signing_alg_values_supported",
                "ES256",
                "must list ES256",
            ),
        ] {
            rules.require(lists(list, item), member, rule)?;
        }
        for (flag, member) in [
            (
                self.authorization_response_iss_parameter_supported,
                "authorization_response_iss_parameter_supported",
            ),
            (self.require_pushed_authorization_requests, "require_pushed_authorization_requests"),
            (self.client_id_metadata_document_supported, "client_id_metadata_document_supported"),
        ] {
            rules.require(flag, member, "must be true")?;
        }
        Ok(())
    }

    fn check_endpoints(&self, rules: &Rules) -> Result<(), DocumentError> {
        for (endpoint, member) in [
            (Some(&self.authorization_endpoint), "authorization_endpoint"),
            (Some(&self.token_endpoint), "token_endpoint"),
            (Some(&self.pushed_authorization_request_endpoint), "pushed_authorization_request_endpoint"),
            (self.revocation_endpoint.as_ref(), "revocation_endpoint"),
        ] {
            let is_usable = endpoint.is_none_or(|url| web_url::parse(url).is_some());
            rules.require(is_usable, member, "must be an https URL")?;
        }
        Ok(())
    }
}
