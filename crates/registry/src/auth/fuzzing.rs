//! What must hold for any bytes of strangers, for fuzzers; see `fuzz/README.md`.

use atproto::jose::PrivateJwk;
use data_encoding::{BASE64, BASE64URL_NOPAD};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};

use super::authorization::{Authorization, Basic};
use super::claims::Claims;
use super::devices::Shown;
use super::flow::UserCode;
use super::key::{Kind, SigningKey};

/// The header `Authorization`: what is read as a name and a secret is what was written as one, and what is none is not nothing.
pub fn authorization(input: &[u8]) {
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_bytes(input) {
        headers.insert(AUTHORIZATION, value);
        assert_ne!(Authorization::of(&headers), Authorization::Nothing);
    }
    let Ok(text) = std::str::from_utf8(input) else { return };
    let written = HeaderValue::try_from(format!("Basic {}", BASE64.encode(input)));
    headers.insert(AUTHORIZATION, written.unwrap_or_else(|_| unreachable!("base64 is a header")));
    if let Authorization::Basic(Basic { name, secret }) = Authorization::of(&headers) {
        assert_eq!(format!("{name}:{secret}"), text);
        assert!(!text.chars().any(char::is_control) && (!name.contains(':') || name.starts_with("did:")));
    }
}

/// Tokens and secrets: nothing that a stranger makes up is signed, and of what is signed only what tokens of ours say is
/// believed.
pub fn token(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let scalar = [7; 32];
    let Ok(jwk) = PrivateJwk::from_scalar(&scalar) else { return };
    let key = SigningKey::of(jwk);
    assert_eq!(key.open_token(Kind::Access, text), None);
    let signed = key.sign(Kind::Access, input);
    if signed.len() < 16 << 10 {
        assert_eq!(key.open_token(Kind::Access, &signed).as_deref(), Some(input));
    }
    assert_eq!(key.open_token(Kind::Refresh, &signed), None);
    let unsigned =
        format!("{}.{}.", BASE64URL_NOPAD.encode(br#"{"alg":"none"}"#), BASE64URL_NOPAD.encode(input));
    assert_eq!(key.open_token(Kind::Access, &unsigned), None);
    if let Some(token) = serde_json::from_slice::<Claims>(input).ok().and_then(Claims::token) {
        assert_eq!(token.subject.is_none(), token.method == super::Method::Anonymous);
        assert!(token.access.iter().all(|access| !access.repository.name.is_empty()));
    }
    if let Some(Shown { id: Some(id), .. }) = Shown::read(text) {
        assert!(text.starts_with(&format!("atcr_device_{id}_")));
    }
    if let Some(code) = UserCode::parse(text) {
        assert_eq!(UserCode::parse(&code.to_string()), Some(code));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whatever_a_stranger_shows(
            bytes in proptest::collection::vec(any::<u8>(), 0..120),
            text in ".{0,80}",
            basic in "(Basic|bearer) [A-Za-z0-9+/=]{0,40}",
            secret in "atcr_device_[0-9a-f]{31,33}_[A-Za-z0-9_-]{42,44}",
            code in "[BCDFbcdf -]{7,12}",
            claims in r#"\{"iss":"a","aud":"a","sub":"(did:plc:a|)","exp":1,"nbf":1,"iat":1,"jti":"","access":\[(\{"type":"repository","name":"[a.:/]{0,6}","actions":\["pull"\],"did":"did:plc:b"\})?\],"auth_method":"(anonymous|local|x)"\}"#,
        ) {
            for input in [&bytes[..], text.as_bytes(), basic.as_bytes()] {
                super::authorization(input);
            }
            for input in [&bytes[..], text.as_bytes(), secret.as_bytes(), code.as_bytes(), claims.as_bytes()] {
                super::token(input);
            }
        }
    }
}
