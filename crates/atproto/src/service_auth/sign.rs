//! Making a service token.

use serde_json::json;

use crate::crypto::PrivateKey;
use crate::{Did, Nsid, jose};

/// What a service token is to say.
#[derive(Debug, Clone, Copy)]
pub struct Claims<'a> {
    /// Whose key signs it.
    pub issuer: &'a Did,
    /// The service asked: a DID, with or without `#` and the name of an entry of its DID document.
    pub audience: &'a str,
    /// The method to be called; without one, any.
    pub lxm: Option<&'a Nsid>,
    /// A text that no other token has.
    pub jti: &'a str,
    /// When it is issued: seconds since 1970.
    pub iat: i64,
    /// Until when it is valid: seconds since 1970. One minute is usual.
    pub exp: i64,
}

/// Signs a service token, which goes after `Bearer`.
#[must_use]
pub fn sign(key: &PrivateKey, claims: &Claims<'_>) -> String {
    let mut payload = json!({
        "iss": claims.issuer,
        "aud": claims.audience,
        "jti": claims.jti,
        "iat": claims.iat,
        "exp": claims.exp,
    });
    if let Some(lxm) = claims.lxm {
        payload["lxm"] = lxm.as_str().into();
    }
    jose::sign(key, json!({"typ": "JWT"}), &payload)
}
