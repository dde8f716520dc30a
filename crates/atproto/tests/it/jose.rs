//! Keys as JSON.

use atproto::crypto::PrivateKey;
use atproto::jose::{InvalidJwk, JwkSet, PrivateJwk, PublicJwk};
use serde_json::{Value, json};

use crate::tokens::with;
use crate::vectors;

/// The key of RFC 9449, section 4.1.
fn key() -> Value {
    json!({
        "kty": "EC",
        "crv": "P-256",
        "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
        "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
    })
}

fn parse(jwk: &Value) -> Result<PublicJwk, InvalidJwk> {
    PublicJwk::parse(jwk.to_string().as_bytes())
}

/// RFC 9449, section 6.1.
#[test]
fn thumbprint_agrees_with_the_standard() {
    let thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
    assert_eq!(parse(&key()).unwrap().thumbprint(), thumbprint);
    let named = with(&with(&key(), "kid", Some("other".into())), "alg", Some("ES256".into()));
    assert_eq!(parse(&named).unwrap().thumbprint(), thumbprint);
}

#[test]
fn a_public_key_has_no_secret() {
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
        assert_eq!(parse(&with(&key(), member, Some("AQ".into()))), Err(InvalidJwk::Private), "{member}");
    }
}

#[test]
fn only_points_of_p256_are_keys() {
    for (member, value) in [("kty", "OKP"), ("crv", "P-384"), ("crv", "secp256k1")] {
        assert_eq!(parse(&with(&key(), member, Some(value.into()))), Err(InvalidJwk::NotP256));
        assert_eq!(parse(&with(&key(), member, None)), Err(InvalidJwk::NotP256));
    }
    for coordinate in ["x", "y"] {
        let padded = format!("{}=", key()[coordinate].as_str().unwrap());
        for value in [Some(json!("AQ")), Some(json!(1)), Some(padded.into()), None] {
            assert_eq!(parse(&with(&key(), coordinate, value)), Err(InvalidJwk::Coordinate(coordinate)));
        }
    }
    assert_eq!(parse(&with(&key(), "x", Some(key()["y"].clone()))), Err(InvalidJwk::NotOnCurve));
    let zero = with(&with(&key(), "x", Some("A".repeat(43).into())), "y", Some("A".repeat(43).into()));
    assert_eq!(parse(&zero), Err(InvalidJwk::NotOnCurve));
}

#[test]
fn other_uses_are_refused() {
    for (member, value) in [("use", "enc"), ("alg", "ES384"), ("alg", "ECDH-ES")] {
        assert_eq!(parse(&with(&key(), member, Some(value.into()))), Err(InvalidJwk::WrongUse));
    }
    assert!(parse(&with(&key(), "use", Some("sig".into()))).is_ok());
}

#[test]
fn json_is_bounded_and_unambiguous() {
    assert!(matches!(PublicJwk::parse(b"[]"), Err(InvalidJwk::Unreadable(_))));
    let twice = key().to_string().replacen('{', r#"{"x":"AQ","#, 1);
    assert!(matches!(PublicJwk::parse(twice.as_bytes()), Err(InvalidJwk::Unreadable(_))));
    let huge = with(&key(), "x5c", Some("a".repeat(9000).into()));
    assert!(matches!(parse(&huge), Err(InvalidJwk::Unreadable(_))));
}

#[test]
fn a_private_key_survives_being_written_down() {
    let key = PrivateJwk::generate();
    let json = key.to_json();
    let again = PrivateJwk::parse(json.to_string().as_bytes()).unwrap();
    assert_eq!(again.public(), key.public());
    assert_eq!(again.secret().to_scalar(), key.secret().to_scalar());
    let signature = again.secret().sign(b"message");
    assert_eq!(key.public().verify(b"message", &signature), Ok(()));
    assert!(key.public().verify(b"other", &signature).is_err());
    assert!(key.public().verify(b"message", &signature[..63]).is_err());
    let public = serde_json::to_value(key.public()).unwrap();
    assert_eq!(public, with(&json, "d", None), "the public half and nothing else");
    assert!(!format!("{key:?}").contains(json["d"].as_str().unwrap()));
}

/// The signature of a scalar with leading zeros is as good as any.
#[test]
fn small_scalars_keep_their_zeros() {
    let mut scalar = [0; 32];
    scalar[31] = 5;
    let key = PrivateJwk::from_scalar(&scalar).unwrap();
    assert_eq!(key.to_json()["d"].as_str().unwrap().len(), 43);
    assert_eq!(key.public().verify(b"m", &PrivateKey::p256(&scalar).unwrap().sign(b"m")), Ok(()));
    assert!(PrivateJwk::from_scalar(&[0; 32]).is_err());
}

#[test]
fn halves_must_belong_together() {
    let [one, other] = [PrivateJwk::generate(), PrivateJwk::generate()].map(|key| key.to_json());
    let mixed = with(&one, "d", Some(other["d"].clone()));
    let parse = |jwk: &Value| PrivateJwk::parse(jwk.to_string().as_bytes()).unwrap_err();
    assert_eq!(parse(&mixed), InvalidJwk::Mismatch);
    assert_eq!(parse(&with(&one, "d", None)), InvalidJwk::Coordinate("d"));
    assert_eq!(parse(&with(&one, "d", Some("A".repeat(43).into()))), InvalidJwk::NotOnCurve);
}

#[test]
fn real_key_sets_are_read() {
    for (file, kids) in [
        ("flaskdemo", vec!["demo-1723096995"]),
        ("smokesignal", vec!["01J5P69KNBQ2D08GBND5REQ5X6", "01J5P69N6XZTDEHMSBH8VJPYTV"]),
    ] {
        let set: JwkSet = serde_json::from_value(vectors::json(&format!("oauth/{file}-jwks.json"))).unwrap();
        assert_eq!(set.keys.iter().filter_map(PublicJwk::kid).collect::<Vec<_>>(), kids);
    }
}

#[test]
fn a_key_set_skips_what_cannot_be_used() {
    let usable = with(&key(), "kid", Some("a".into()));
    let set = json!({"keys": [
        {"kty": "RSA", "kid": "r", "n": "AQ", "e": "AQAB"},
        with(&usable, "d", Some("AQ".into())),
        key(),
        usable,
    ]});
    let set: JwkSet = serde_json::from_value(set).unwrap();
    assert_eq!(set.keys, [parse(&key()).unwrap().with_kid("a")]);
    let written = serde_json::to_value(&set).unwrap();
    assert_eq!(written["keys"][0]["kid"], "a");
    assert_eq!(written["keys"][0]["alg"], "ES256");
    assert_eq!(written["keys"][0]["use"], "sig");
    assert_eq!(serde_json::from_value::<JwkSet>(written).unwrap(), set);
}
