//! Proofs of possession: made, verified, and forged in every way the checks are there for.

use atproto::crypto::PrivateKey;
use atproto::jose::{InvalidJwk, JwsError, PrivateJwk};
use atproto::oauth::dpop::{
    DpopError, Expect, MAX_AGE_SECONDS, MAX_AHEAD_SECONDS, Proof, REPLAY_WINDOW_SECONDS, VerifiedProof, sign,
    target, verify,
};
use serde_json::{Value, json};
use url::Url;

use crate::tokens::{base64url, order_of, token, with, with_high_s};

const NOW: i64 = 1_700_000_000;
const URL: &str = "https://view.test/xrpc/com.example.get";
const TOKEN: &str = "eyJ.access.token";

const EXPECT: Expect<'static> = Expect { method: "GET", urls: &[URL], access_token: Some(TOKEN), now: NOW };

fn header(key: &PrivateJwk) -> Value {
    json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": key.public()})
}

fn claims() -> Value {
    json!({"jti": "unique", "htm": "GET", "htu": URL, "iat": NOW, "ath": atproto::oauth::dpop::access_token_hash(TOKEN)})
}

/// Verifies a well-signed proof of these claims.
fn with_claims(claims: &Value) -> Result<VerifiedProof, DpopError> {
    let key = PrivateJwk::generate();
    verify(&token(&header(&key), claims, key.secret()), &EXPECT)
}

fn with_claim(name: &str, value: impl Into<Value>) -> Result<VerifiedProof, DpopError> {
    with_claims(&with(&claims(), name, Some(value.into())))
}

/// The examples of RFC 9449, sections 4.1 and 7.1.
#[test]
fn agrees_with_the_standard() {
    const HEADER: &str = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDU\
        kRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19";
    let proof = format!(
        "{HEADER}.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiw\
         iaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg"
    );
    let expect = Expect {
        method: "POST",
        urls: &["https://server.example.com/token"],
        access_token: None,
        now: 1_562_262_616,
    };
    let verified = verify(&proof, &expect).unwrap();
    assert_eq!(verified.thumbprint, "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
    assert_eq!(verified.jti, "-BwC3ESc6acc2lTc");

    let proof = format!(
        "{HEADER}.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN\
         0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP3\
         5yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA"
    );
    let expect = Expect {
        method: "GET",
        urls: &["https://resource.example.org/protectedresource"],
        access_token: Some("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"),
        now: 1_562_262_618,
    };
    assert_eq!(verify(&proof, &expect).unwrap().jti, "e1j3V_bKic8-LAEB");
}

#[test]
fn what_is_signed_is_verified() {
    let key = PrivateJwk::generate();
    let url = Url::parse(&format!("{URL}?limit=1#top")).unwrap();
    let proof = sign(
        &key,
        &Proof {
            method: "GET",
            url: &url,
            nonce: Some("nonce-1"),
            access_token: Some(TOKEN),
            jti: "unique",
            iat: NOW,
        },
    );
    let expected = VerifiedProof {
        thumbprint: key.public().thumbprint(),
        jti: "unique".to_owned(),
        iat: NOW,
        nonce: Some("nonce-1".to_owned()),
    };
    assert_eq!(verify(&proof, &EXPECT), Ok(expected));
    let to_server =
        sign(&key, &Proof { method: "GET", url: &url, nonce: None, access_token: None, jti: "u", iat: NOW });
    let verified = verify(&to_server, &Expect { access_token: None, ..EXPECT }).unwrap();
    assert_eq!(verified.nonce, None);
    assert_eq!(verify(&to_server, &EXPECT), Err(DpopError::AccessToken), "it names no access token");
    assert_eq!(target(&url), URL);
}

#[test]
fn is_of_its_own_type() {
    let key = PrivateJwk::generate();
    for typ in [Some(json!("JWT")), Some(json!("at+jwt")), Some(json!(1)), None] {
        let header = with(&header(&key), "typ", typ);
        assert_eq!(verify(&token(&header, &claims(), key.secret()), &EXPECT), Err(DpopError::WrongType));
    }
}

#[test]
fn is_signed_with_es256_alone() {
    let key = PrivateJwk::generate();
    for alg in [Some(json!("none")), Some(json!("HS256")), Some(json!("ES256K")), Some(json!("es256")), None]
    {
        let header = with(&header(&key), "alg", alg);
        assert_eq!(verify(&token(&header, &claims(), key.secret()), &EXPECT), Err(DpopError::WrongAlgorithm));
    }
}

#[test]
fn is_signed_by_the_key_it_names() {
    let [key, other] = [PrivateJwk::generate(), PrivateJwk::generate()];
    let forged = token(&header(&key), &claims(), other.secret());
    assert_eq!(verify(&forged, &EXPECT), Err(DpopError::Signature));
    let k256 = token(&header(&key), &claims(), &PrivateKey::generate_k256());
    assert_eq!(verify(&k256, &EXPECT), Err(DpopError::Signature));
    let proof = token(&header(&key), &claims(), key.secret());
    let (_, rest) = proof.split_once('.').unwrap();
    let (_, signature) = rest.split_once('.').unwrap();
    let edited = with(&claims(), "jti", Some("another".into())).to_string();
    let edited = format!("{}.{}.{signature}", base64url(header(&key).to_string()), base64url(edited));
    assert_eq!(verify(&edited, &EXPECT), Err(DpopError::Signature));
    let zero = format!("{}.{}", proof.rsplit_once('.').unwrap().0, base64url([0; 64]));
    assert_eq!(verify(&zero, &EXPECT), Err(DpopError::Signature));
    let high = with_high_s(&proof, order_of("ES256"));
    assert_ne!(high, proof);
    assert_eq!(verify(&high, &EXPECT), verify(&proof, &EXPECT), "libraries need not normalise s");
}

#[test]
fn names_a_public_key() {
    let key = PrivateJwk::generate();
    for (jwk, refusal) in [
        (None, InvalidJwk::NotP256),
        (Some(json!("text")), InvalidJwk::NotP256),
        (Some(json!({"kty": "oct", "k": "AQ"})), InvalidJwk::Private),
        (Some(key.to_json()), InvalidJwk::Private),
        (Some(json!({"kty": "RSA", "n": "AQ", "e": "AQAB"})), InvalidJwk::NotP256),
    ] {
        let header = with(&header(&key), "jwk", jwk);
        assert_eq!(verify(&token(&header, &claims(), key.secret()), &EXPECT), Err(DpopError::Key(refusal)));
    }
}

#[test]
fn is_for_the_method() {
    assert!(with_claim("htm", "get").is_ok());
    for method in ["POST", "GET ", "HEAD"] {
        assert_eq!(with_claim("htm", method), Err(DpopError::Method), "{method}");
    }
    for method in [json!(""), json!(1), json!(null), json!(["GET"])] {
        assert_eq!(with_claim("htm", method), Err(DpopError::Claim("htm")));
    }
}

#[test]
fn is_for_the_url() {
    for url in ["HTTPS://VIEW.TEST/xrpc/com.example.get", "https://view.test:443/xrpc/./com.example.get"] {
        assert!(with_claim("htu", url).is_ok(), "{url}");
    }
    for url in [
        "http://view.test/xrpc/com.example.get",
        "https://view.test.evil/xrpc/com.example.get",
        "https://view.test:8443/xrpc/com.example.get",
        "https://view.test/xrpc/com.example.get/",
        "https://view.test/xrpc/com.example.other",
        "https://view.test/XRPC/com.example.get",
        "https://view.test/",
    ] {
        assert_eq!(with_claim("htu", url), Err(DpopError::Url), "{url}");
    }
    let long = format!("{URL}{}", "a".repeat(4096));
    for url in [
        "https://view.test/xrpc/com.example.get?limit=1",
        "https://view.test/xrpc/com.example.get#top",
        "https://me@view.test/xrpc/com.example.get",
        "https://:me@view.test/xrpc/com.example.get",
        "ftp://view.test/xrpc/com.example.get",
        "/xrpc/com.example.get",
        "",
        &long,
    ] {
        assert_eq!(with_claim("htu", url), Err(DpopError::Claim("htu")), "{url}");
    }
    let expect = Expect { urls: &["https://old.test/x", URL], ..EXPECT };
    let key = PrivateJwk::generate();
    assert!(verify(&token(&header(&key), &claims(), key.secret()), &expect).is_ok());
    let expect = Expect { urls: &[], ..EXPECT };
    assert_eq!(verify(&token(&header(&key), &claims(), key.secret()), &expect), Err(DpopError::Url));
}

#[test]
fn is_fresh() {
    assert_eq!((MAX_AGE_SECONDS, MAX_AHEAD_SECONDS, REPLAY_WINDOW_SECONDS), (300, 30, 330));
    for (iat, outcome) in [
        (NOW - MAX_AGE_SECONDS, None),
        (NOW - MAX_AGE_SECONDS - 1, Some(DpopError::Expired)),
        (NOW + MAX_AHEAD_SECONDS, None),
        (NOW + MAX_AHEAD_SECONDS + 1, Some(DpopError::FromTheFuture)),
        (0, Some(DpopError::Expired)),
        (-1, Some(DpopError::Expired)),
    ] {
        assert_eq!(with_claim("iat", iat).err(), outcome, "{iat}");
    }
    for iat in [json!("1700000000"), json!(null), json!(i64::MAX), json!(i64::MIN), json!(1e30)] {
        assert_eq!(with_claim("iat", iat), Err(DpopError::Claim("iat")));
    }
}

#[test]
fn is_for_the_access_token() {
    for ath in [json!(TOKEN), json!(""), json!(null), json!(atproto::oauth::dpop::access_token_hash("other"))]
    {
        assert_eq!(with_claim("ath", ath), Err(DpopError::AccessToken));
    }
}

#[test]
fn can_be_remembered() {
    assert!(with_claim("jti", "a".repeat(256)).is_ok());
    for jti in [json!(""), json!("a".repeat(257)), json!(7), json!(null)] {
        assert_eq!(with_claim("jti", jti), Err(DpopError::Claim("jti")));
    }
    for nonce in [json!(""), json!("a".repeat(257)), json!(7)] {
        assert_eq!(with_claim("nonce", nonce), Err(DpopError::Claim("nonce")));
    }
}

#[test]
fn lacks_nothing() {
    for (claim, refusal) in [
        ("jti", DpopError::Claim("jti")),
        ("htm", DpopError::Claim("htm")),
        ("htu", DpopError::Claim("htu")),
        ("iat", DpopError::Claim("iat")),
        ("ath", DpopError::AccessToken),
    ] {
        assert_eq!(with_claims(&with(&claims(), claim, None)), Err(refusal));
    }
    assert_eq!(verify("no token", &EXPECT), Err(DpopError::Malformed(JwsError::NotCompact)));
}
