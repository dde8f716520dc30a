//! How a confidential client proves who it is (`private_key_jwt`, RFC 7523).

use serde_json::json;

use crate::jose::{self, PrivateJwk};

/// The value of `client_assertion_type` that goes with an assertion.
pub const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How long an assertion is valid.
const LIFETIME_SECONDS: i64 = 60;

/// What an assertion is to say.
#[derive(Debug, Clone, Copy)]
pub struct Assertion<'a> {
    /// The name of the key in the client's published key set.
    pub kid: &'a str,
    /// The client.
    pub client_id: &'a str,
    /// The issuer of the authorization server it is sent to.
    pub issuer: &'a str,
    /// A text that no other assertion has.
    pub jti: &'a str,
    /// When it is sent: seconds since 1970.
    pub iat: i64,
}

/// Signs an assertion, the value of `client_assertion`. The key must not be one that proofs of possession are made with.
#[must_use]
pub fn sign(key: &PrivateJwk, assertion: &Assertion<'_>) -> String {
    let header = json!({"typ": "JWT", "kid": assertion.kid});
    let claims = json!({
        "iss": assertion.client_id,
        "sub": assertion.client_id,
        "aud": assertion.issuer,
        "jti": assertion.jti,
        "iat": assertion.iat,
        "exp": assertion.iat + LIFETIME_SECONDS,
    });
    jose::sign(key.secret(), header, &claims)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::Jws;

    #[test]
    fn says_who_the_client_is_for_one_minute() {
        let key = PrivateJwk::generate();
        let token = sign(
            &key,
            &Assertion {
                kid: "key-1",
                client_id: "https://app.test/client.json",
                issuer: "https://as.test",
                jti: "unique",
                iat: 1_700_000_000,
            },
        );
        let jws = Jws::parse(&token).unwrap();
        assert_eq!((jws.header("alg"), jws.header("kid")), (Some("ES256"), Some("key-1")));
        assert_eq!(
            serde_json::Value::Object(jws.claims.clone()),
            json!({
                "iss": "https://app.test/client.json", "sub": "https://app.test/client.json", "aud": "https://as.test",
                "jti": "unique", "iat": 1_700_000_000, "exp": 1_700_000_060,
            })
        );
        assert_eq!(key.public().verify(jws.signing_input.as_bytes(), &jws.signature), Ok(()));
    }
}
