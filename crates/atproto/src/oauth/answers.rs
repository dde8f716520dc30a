//! What an authorization server answers to a client.

use serde::Deserialize;

use super::DocumentError;
use super::document::{Rules, read};
use crate::Did;
use crate::excerpt::excerpt;

/// The answer to a pushed authorization request (RFC 9126, section 2.2).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PushedRequest {
    /// What names the request when the user is sent to the authorization endpoint.
    pub request_uri: String,
    /// Seconds until it is forgotten.
    pub expires_in: u64,
}

impl PushedRequest {
    /// Reads the body of a 201 answer.
    pub fn parse(json: &[u8]) -> Result<Self, DocumentError> {
        let answer: Self = read("answer to the pushed request", json)?;
        let rules = Rules("answer to the pushed request");
        rules.require(!answer.request_uri.is_empty(), "request_uri", "must not be empty")?;
        Ok(answer)
    }
}

/// The answer to a code or a refresh token (RFC 6749, section 5.1).
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct TokenResponse {
    /// The token for requests, opaque.
    pub access_token: String,
    /// Always `DPoP`: the token is bound to the key of the proof.
    token_type: String,
    /// The token for the next refresh; the one that was sent is void from now on.
    pub refresh_token: Option<String>,
    /// The scopes that were granted, separated by spaces; not always those that were asked for.
    pub scope: String,
    /// Seconds the access token is valid.
    pub expires_in: Option<u64>,
    /// The account. That it is the expected one, and that its PDS trusts this authorization server, is left to the
    /// caller.
    pub sub: Did,
}

impl TokenResponse {
    /// Reads the body of a 200 answer, and checks it against the profile.
    pub fn parse(json: &[u8]) -> Result<Self, DocumentError> {
        let answer: Self = read("token response", json)?;
        let rules = Rules("token response");
        rules.require(answer.token_type.eq_ignore_ascii_case("DPoP"), "token_type", "must be DPoP")?;
        rules.require(is_token(&answer.access_token), "access_token", "must be visible ASCII")?;
        let refreshable = answer.refresh_token.as_deref().is_none_or(is_token);
        rules.require(refreshable, "refresh_token", "must be visible ASCII")?;
        let scopes = answer.scope.split(' ').any(|scope| scope == "atproto");
        rules.require(scopes, "scope", "must contain atproto")?;
        Ok(answer)
    }
}

/// Whether text may go into a header.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Tokens are secrets, so they are not printed.
impl std::fmt::Debug for TokenResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenResponse")
            .field("sub", &self.sub)
            .field("scope", &self.scope)
            .field("expires_in", &self.expires_in)
            .finish_non_exhaustive()
    }
}

/// An answer that says what went wrong (RFC 6749, section 5.2), or an XRPC error, which is alike but calls the
/// description `message`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorAnswer {
    /// The code, such as `invalid_grant`.
    pub error: String,
    /// An excerpt of the words for people, if there are any.
    pub description: Option<String>,
}

impl ErrorAnswer {
    /// The code of an answer that asks for the same again with the nonce it brings (RFC 9449, section 8).
    pub const USE_DPOP_NONCE: &str = "use_dpop_nonce";

    /// Reads the body of an answer that is no success.
    pub fn parse(json: &[u8]) -> Result<Self, DocumentError> {
        #[derive(Deserialize)]
        struct Wire {
            error: String,
            error_description: Option<String>,
            message: Option<String>,
        }

        let wire: Wire = read("error", json)?;
        let description = wire.error_description.or(wire.message);
        Ok(Self { error: excerpt(&wire.error), description: description.map(|text| excerpt(&text)) })
    }
}
