//! Making a proof.

use serde_json::json;
use url::Url;

use super::target;
use crate::jose::{self, PrivateJwk};

/// What a proof is to say of one request.
#[derive(Debug, Clone, Copy)]
pub struct Proof<'a> {
    /// Its method.
    pub method: &'a str,
    /// Its URL; query and fragment are left out of the proof.
    pub url: &'a Url,
    /// The newest nonce of the server it goes to, if it has sent any.
    pub nonce: Option<&'a str>,
    /// The access token it carries. None goes to an authorization server.
    pub access_token: Option<&'a str>,
    /// A text that no other proof has.
    pub jti: &'a str,
    /// When it is sent: seconds since 1970.
    pub iat: i64,
}

/// Signs a proof, the value of the request's `DPoP` header.
#[must_use]
pub fn sign(key: &PrivateJwk, proof: &Proof<'_>) -> String {
    let header = json!({"typ": "dpop+jwt", "jwk": key.public().bare()});
    let mut claims = json!({
        "jti": proof.jti,
        "htm": proof.method,
        "htu": target(proof.url),
        "iat": proof.iat,
    });
    if let Some(nonce) = proof.nonce {
        claims["nonce"] = nonce.into();
    }
    if let Some(token) = proof.access_token {
        claims["ath"] = access_token_hash(token).into();
    }
    jose::sign(key.secret(), header, &claims)
}

/// How a proof names the access token it goes with.
#[must_use]
pub fn access_token_hash(token: &str) -> String {
    jose::sha256(token)
}
