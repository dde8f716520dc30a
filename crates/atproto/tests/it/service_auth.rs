//! Service tokens: a real one, our own, and forged ones.

use atproto::crypto::{PrivateKey, PublicKey};
use atproto::jose::JwsError;
use atproto::service_auth::{Claims, Expect, ServiceAuthError, ServiceToken, sign};
use atproto::{Did, Nsid};
use serde_json::{Value, json};

use crate::tokens::{order_of, token, with, with_high_s};
use crate::vectors;

const NOW: i64 = 1_700_000_000;
const ISSUER: &str = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";
const AUDIENCE: &str = "did:web:view.test";
const METHOD: &str = "com.example.get";

fn header() -> Value {
    json!({"typ": "JWT", "alg": "ES256K"})
}

fn claims() -> Value {
    json!({"iss": ISSUER, "aud": AUDIENCE, "lxm": METHOD, "exp": NOW + 60, "iat": NOW, "jti": "unique"})
}

fn parse_with(claims: &Value) -> Result<ServiceToken, ServiceAuthError> {
    ServiceToken::parse(&token(&header(), claims, &PrivateKey::generate_k256()))
}

fn parse_claim(name: &str, value: impl Into<Value>) -> Result<ServiceToken, ServiceAuthError> {
    parse_with(&with(&claims(), name, Some(value.into())))
}

fn check(token: &ServiceToken) -> Result<(), ServiceAuthError> {
    let (audience, lxm) = (Did::parse(AUDIENCE).unwrap(), Nsid::parse(METHOD).unwrap());
    token.check(&Expect { audience: &audience, lxm: Some(&lxm), now: NOW })
}

fn check_claim(name: &str, value: impl Into<Value>) -> Result<(), ServiceAuthError> {
    check(&parse_claim(name, value).unwrap())
}

/// A token that the reference PDS signed, with the key of the DID document it was registered with.
#[test]
fn a_real_token_is_valid() {
    let text = vectors::json("oauth/capture.json")["service_token"].as_str().unwrap().to_owned();
    let token = ServiceToken::parse(&text).unwrap();
    assert_eq!(token.issuer.as_str(), "did:plc:ty3p2jzfx7ycehsnbv5nmz4w");
    assert_eq!((token.key_fragment.as_str(), token.audience_fragment.as_deref()), ("atproto", None));
    let expect = Expect {
        audience: &Did::parse("did:web:localhost%3A3000").unwrap(),
        lxm: Some(&Nsid::parse("com.example.demo.createNote").unwrap()),
        now: token.exp - 1,
    };
    assert_eq!(token.check(&expect), Ok(()));
    let documents = vectors::json("did-documents/capture.json");
    let key = &documents[token.issuer.as_str()]["verificationMethod"][0]["publicKeyMultibase"];
    let key = PublicKey::parse_multikey(key.as_str().unwrap()).unwrap();
    assert_eq!(token.verify(&key), Ok(()));
}

#[test]
fn what_is_signed_is_verified() {
    for key in [PrivateKey::generate_p256(), PrivateKey::generate_k256()] {
        let issuer = Did::parse(ISSUER).unwrap();
        let lxm = Nsid::parse(METHOD).unwrap();
        let audience = format!("{AUDIENCE}#appview");
        let claims = Claims {
            issuer: &issuer,
            audience: &audience,
            lxm: Some(&lxm),
            jti: "unique",
            iat: NOW,
            exp: NOW + 60,
        };
        let token = ServiceToken::parse(&sign(&key, &claims)).unwrap();
        assert_eq!(token.issuer, issuer);
        assert_eq!(token.audience.as_str(), AUDIENCE);
        assert_eq!(token.audience_fragment.as_deref(), Some("appview"));
        assert_eq!(token.lxm.as_ref(), Some(&lxm));
        assert_eq!(token.exp, NOW + 60);
        assert_eq!(check(&token), Ok(()));
        assert_eq!(token.verify(key.public()), Ok(()));
        let any_method = ServiceToken::parse(&sign(&key, &Claims { lxm: None, ..claims })).unwrap();
        assert_eq!(check(&any_method), Err(ServiceAuthError::Method));
    }
}

#[test]
fn the_signature_is_that_of_the_issuer() {
    for (key, other, same_curve) in [
        (PrivateKey::generate_p256(), PrivateKey::generate_k256(), PrivateKey::generate_p256()),
        (PrivateKey::generate_k256(), PrivateKey::generate_p256(), PrivateKey::generate_k256()),
    ] {
        let alg = key.public().jwt_alg();
        let text = token(&with(&header(), "alg", Some(alg.into())), &claims(), &key);
        let parsed = ServiceToken::parse(&text).unwrap();
        assert_eq!(parsed.verify(key.public()), Ok(()));
        assert_eq!(parsed.verify(same_curve.public()), Err(ServiceAuthError::Signature));
        assert_eq!(parsed.verify(other.public()), Err(ServiceAuthError::WrongCurve));
        // A header that claims the other curve must not make the right key verify it.
        let claimed = with(&header(), "alg", Some(other.public().jwt_alg().into()));
        let confused = ServiceToken::parse(&token(&claimed, &claims(), &key)).unwrap();
        assert_eq!(confused.verify(key.public()), Err(ServiceAuthError::WrongCurve));
        assert_eq!(confused.verify(other.public()), Err(ServiceAuthError::Signature));

        let high = with_high_s(&text, order_of(alg));
        assert_ne!(high, text);
        let high = ServiceToken::parse(&high).unwrap();
        assert_eq!(high.verify(key.public()), Ok(()), "libraries need not normalise s");
        assert_eq!(high.replay_key(), parsed.replay_key(), "or a token would work twice");
    }
}

#[test]
fn tokens_of_other_kinds_are_refused() {
    let key = PrivateKey::generate_k256();
    for typ in ["at+jwt", "refresh+jwt", "dpop+jwt", "AT+JWT", "application/dpop+jwt"] {
        let header = with(&header(), "typ", Some(typ.into()));
        let refusal = ServiceToken::parse(&token(&header, &claims(), &key));
        assert_eq!(refusal, Err(ServiceAuthError::WrongType(typ.to_owned())));
    }
    for typ in [json!(null), json!(1), json!(["JWT"])] {
        let header = with(&header(), "typ", Some(typ));
        let refusal = ServiceToken::parse(&token(&header, &claims(), &key)).unwrap_err();
        assert_eq!(refusal.name(), "BadJwtType");
    }
    for typ in [Some(json!("JWT")), Some(json!("anything")), None] {
        let header = with(&header(), "typ", typ);
        assert!(ServiceToken::parse(&token(&header, &claims(), &key)).is_ok());
    }
}

#[test]
fn only_the_two_algorithms_of_the_protocol_are_read() {
    let key = PrivateKey::generate_k256();
    for alg in [Some(json!("none")), Some(json!("HS256")), Some(json!("RS256")), Some(json!(1)), None] {
        let header = with(&header(), "alg", alg);
        let refusal = ServiceToken::parse(&token(&header, &claims(), &key));
        assert_eq!(refusal, Err(ServiceAuthError::WrongAlgorithm));
    }
    let unsigned = ServiceToken::parse("e30.e30.");
    assert_eq!(unsigned, Err(ServiceAuthError::Malformed(JwsError::SignatureLength)));
}

#[test]
fn the_issuer_is_a_did_and_perhaps_a_key_of_it() {
    let token = parse_claim("iss", format!("{ISSUER}#atproto_label")).unwrap();
    assert_eq!((token.issuer.as_str(), token.key_fragment.as_str()), (ISSUER, "atproto_label"));
    let long = format!("{ISSUER}#{}", "a".repeat(129));
    for issuer in ["", "example.com", "did:plc:", "did:plc:a#", "did:plc:a#b#c", "did:plc:a#b/c", &long] {
        assert_eq!(parse_claim("iss", issuer), Err(ServiceAuthError::Issuer), "{issuer}");
    }
    assert_eq!(parse_claim("iss", 1), Err(ServiceAuthError::Issuer));
    assert_eq!(parse_with(&with(&claims(), "iss", None)), Err(ServiceAuthError::Issuer));
}

#[test]
fn the_audience_is_exactly_this_service() {
    assert_eq!(check_claim("aud", format!("{AUDIENCE}#appview")), Ok(()));
    for audience in ["did:web:view.test.evil", "did:web:view", "did:web:VIEW.test", "did:web:view.test%3A80"]
    {
        assert_eq!(check_claim("aud", audience), Err(ServiceAuthError::Audience), "{audience}");
    }
    for audience in
        [json!("https://view.test"), json!([AUDIENCE]), json!(null), json!(format!("{AUDIENCE}#"))]
    {
        assert_eq!(parse_claim("aud", audience), Err(ServiceAuthError::Audience));
    }
    assert_eq!(parse_with(&with(&claims(), "aud", None)), Err(ServiceAuthError::Audience));
}

#[test]
fn the_method_is_the_one_called() {
    assert_eq!(check_claim("lxm", "com.example.getAll"), Err(ServiceAuthError::Method));
    for method in [json!("*"), json!(""), json!(null), json!([METHOD])] {
        assert_eq!(parse_claim("lxm", method), Err(ServiceAuthError::Method));
    }
    let none = parse_with(&with(&claims(), "lxm", None)).unwrap();
    assert_eq!(check(&none), Err(ServiceAuthError::Method));

    let audience = Did::parse(AUDIENCE).unwrap();
    let elsewhere = Expect { audience: &audience, lxm: None, now: NOW };
    assert_eq!(none.check(&elsewhere), Ok(()));
    assert_eq!(parse_with(&claims()).unwrap().check(&elsewhere), Err(ServiceAuthError::Method));
}

#[test]
fn it_is_the_right_time() {
    for (exp, outcome) in [
        (NOW + 1, Ok(())),
        (NOW, Err(ServiceAuthError::Expired)),
        (-1, Err(ServiceAuthError::Expired)),
        (NOW + 3600, Ok(())),
        (NOW + 3601, Err(ServiceAuthError::TooLongLived)),
    ] {
        assert_eq!(check_claim("exp", exp), outcome, "{exp}");
    }
    for (iat, outcome) in [(NOW + 60, Ok(())), (NOW + 61, Err(ServiceAuthError::FromTheFuture)), (0, Ok(()))]
    {
        assert_eq!(check_claim("iat", iat), outcome, "{iat}");
    }
    assert_eq!(check(&parse_with(&with(&claims(), "iat", None)).unwrap()), Ok(()));
    for claim in ["exp", "iat"] {
        for value in [json!("1700000000"), json!(null), json!(u64::MAX), json!(1e300)] {
            assert_eq!(parse_claim(claim, value), Err(ServiceAuthError::Claim(claim)));
        }
    }
    assert_eq!(parse_with(&with(&claims(), "exp", None)), Err(ServiceAuthError::Claim("exp")));
}

#[test]
fn every_token_can_be_remembered() {
    let key = |claims: &Value| parse_with(claims).unwrap().replay_key();
    let base = key(&claims());
    assert_eq!(base.len(), 43);
    assert_eq!(key(&with(&claims(), "exp", Some(json!(NOW + 59)))), base, "issuer and jti make the token");
    assert_ne!(key(&with(&claims(), "jti", Some("other".into()))), base);
    assert_ne!(key(&with(&claims(), "iss", Some("did:plc:other".into()))), base);
    let without = with(&claims(), "jti", None);
    assert_eq!(key(&without), key(&without));
    assert_ne!(key(&without), key(&with(&without, "exp", Some(json!(NOW + 59)))));
    for jti in [json!(""), json!("a".repeat(257)), json!(7), json!(null)] {
        assert_eq!(parse_claim("jti", jti), Err(ServiceAuthError::Claim("jti")));
    }
}

#[test]
fn errors_have_the_names_clients_know() {
    for (error, name) in [
        (ServiceAuthError::Malformed(JwsError::NotCompact), "BadJwt"),
        (ServiceAuthError::WrongAlgorithm, "BadJwt"),
        (ServiceAuthError::Claim("exp"), "BadJwt"),
        (ServiceAuthError::WrongType("at+jwt".to_owned()), "BadJwtType"),
        (ServiceAuthError::Issuer, "BadJwtIss"),
        (ServiceAuthError::Audience, "BadJwtAudience"),
        (ServiceAuthError::Method, "BadJwtLexiconMethod"),
        (ServiceAuthError::Expired, "JwtExpired"),
        (ServiceAuthError::WrongCurve, "BadJwtSignature"),
        (ServiceAuthError::Signature, "BadJwtSignature"),
    ] {
        assert_eq!(error.name(), name);
    }
}
