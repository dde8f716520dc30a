//! JSON Web Signatures in compact form.

use serde_json::{Map, Value};

use super::{JwsError, decode, encode};
use crate::crypto::PrivateKey;
use crate::data::{self, Limits};

/// Longest accepted token. Real ones have less than 2 kB.
const MAX_BYTES: usize = 8 << 10;

const LIMITS: Limits = Limits { bytes: MAX_BYTES, depth: 8 };

/// A token as it claims to be: nothing of it is true before its signature is verified.
#[derive(Debug)]
pub(crate) struct Jws<'t> {
    pub(crate) header: Map<String, Value>,
    pub(crate) claims: Map<String, Value>,
    /// What was signed: header and payload as they arrived.
    pub(crate) signing_input: &'t str,
    /// r and s.
    pub(crate) signature: [u8; 64],
}

impl<'t> Jws<'t> {
    pub(crate) fn parse(token: &'t str) -> Result<Self, JwsError> {
        if token.len() > MAX_BYTES {
            return Err(JwsError::TooLong { bytes: token.len(), limit: MAX_BYTES });
        }
        let (signing_input, signature) = token.rsplit_once('.').ok_or(JwsError::NotCompact)?;
        let (header, claims) = signing_input.split_once('.').ok_or(JwsError::NotCompact)?;
        if claims.contains('.') {
            return Err(JwsError::NotCompact);
        }
        let header = object("header", header)?;
        if header.contains_key("crit") {
            return Err(JwsError::CriticalExtension);
        }
        let claims = object("payload", claims)?;
        let signature = decode(signature).ok_or(JwsError::NotBase64Url("signature"))?;
        let signature = signature.try_into().map_err(|_| JwsError::SignatureLength)?;
        Ok(Self { header, claims, signing_input, signature })
    }

    /// A member of the header that is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.header.get(name)?.as_str()
    }

    /// A claim that is text.
    pub(crate) fn claim(&self, name: &str) -> Option<&str> {
        self.claims.get(name)?.as_str()
    }
}

fn object(part: &'static str, text: &str) -> Result<Map<String, Value>, JwsError> {
    let json = decode(text).ok_or(JwsError::NotBase64Url(part))?;
    data::parse_as(&json, &LIMITS).map_err(|source| JwsError::Unreadable { part, source })
}

/// A signed token of this header, `alg` being added, and these claims.
pub(crate) fn sign(key: &PrivateKey, mut header: Value, claims: &Value) -> String {
    header["alg"] = key.public().jwt_alg().into();
    let input = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
    let signature = key.sign(input.as_bytes());
    format!("{input}.{}", encode(signature))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn token(header: &str, claims: &str, signature: &[u8]) -> String {
        format!("{}.{}.{}", encode(header), encode(claims), encode(signature))
    }

    fn refusal(token: &str) -> JwsError {
        Jws::parse(token).unwrap_err()
    }

    #[test]
    fn parts_are_those_that_were_signed() {
        let key = PrivateKey::generate_k256();
        let token = sign(&key, json!({"typ": "JWT"}), &json!({"iss": "did:web:a.test"}));
        let jws = Jws::parse(&token).unwrap();
        assert_eq!((jws.header("typ"), jws.header("alg")), (Some("JWT"), Some("ES256K")));
        assert_eq!(jws.claim("iss"), Some("did:web:a.test"));
        assert_eq!(key.public().verify(jws.signing_input.as_bytes(), &jws.signature), Ok(()));
    }

    #[test]
    fn consists_of_three_parts() {
        for text in ["", ".", "e30", "e30.e30", "e30.e30.e30.e30", "e30.e30.e30.e30.e30"] {
            assert_eq!(refusal(text), JwsError::NotCompact, "{text}");
        }
    }

    #[test]
    fn is_bounded() {
        let padding = "x".repeat(MAX_BYTES);
        let token = token("{}", &json!({"x": padding}).to_string(), &[1; 64]);
        assert_eq!(refusal(&token), JwsError::TooLong { bytes: token.len(), limit: MAX_BYTES });
        let nested = format!("{}1{}", "{\"a\":".repeat(9), "}".repeat(9));
        let JwsError::Unreadable { part: "payload", .. } =
            refusal(&super::tests::token("{}", &nested, &[1; 64]))
        else {
            panic!("nested too deep")
        };
    }

    #[test]
    fn means_the_same_to_every_reader() {
        assert_eq!(refusal("e30=.e30.AA"), JwsError::NotBase64Url("header"));
        assert_eq!(refusal("e30.e30=.AA"), JwsError::NotBase64Url("payload"));
        assert_eq!(refusal("e30.e30.AB"), JwsError::NotBase64Url("signature"));
        for json in ["[]", "1", "{\"a\":1,\"a\":2}", "{} {}", "\u{feff}{}"] {
            assert!(matches!(
                refusal(&token(json, "{}", &[1; 64])),
                JwsError::Unreadable { part: "header", .. }
            ));
            assert!(matches!(
                refusal(&token("{}", json, &[1; 64])),
                JwsError::Unreadable { part: "payload", .. }
            ));
        }
    }

    #[test]
    fn refuses_extensions_and_signatures_of_other_kinds() {
        assert_eq!(refusal(&token(r#"{"crit":["b64"]}"#, "{}", &[1; 64])), JwsError::CriticalExtension);
        for length in [0, 63, 65, 71] {
            assert_eq!(refusal(&token("{}", "{}", &vec![1; length])), JwsError::SignatureLength);
        }
    }
}
