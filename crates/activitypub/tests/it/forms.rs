//! Signatures that are right and not like ours, and those that only look right.

use std::sync::LazyLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use activitypub::signature::{
    KeyType, PrivateKey, Request, SignatureError, Signed, Terms, Window, content_digest, digest,
};
use data_encoding::BASE64;
use http::{HeaderMap, HeaderName, Method};

const NOW: u64 = 1_767_323_045;
const BODY: &[u8] = b"{}";

static RSA: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(KeyType::Rsa).unwrap());
static ED25519: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(KeyType::Ed25519).unwrap());

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW)
}

fn verify(key: &PrivateKey, headers: &[(&'static str, &str)]) -> Result<String, SignatureError> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(HeaderName::from_static(name), value.parse().unwrap());
    }
    let (method, authority) = (Method::POST, "a.example");
    let request = Request { method: &method, scheme: "https", authority, target: "/inbox", headers: &map };
    let terms = Terms { now: now(), window: Window::default(), body: BODY };
    let signed = Signed::read(&request, &terms)?;
    signed.verify(&key.public_key().unwrap()).map(|()| signed.key_id().to_string())
}

/// One of the draft, with these times.
fn draft(key: &PrivateKey, algorithm: &str, created: u64, expires: u64) -> Result<String, SignatureError> {
    let digest = digest(BODY);
    let lines = format!(
        "(request-target): post /inbox\nhost: a.example\n(created): {created}\n(expires): {expires}\ndigest: {digest}"
    );
    let signature = BASE64.encode(&key.sign(lines.as_bytes()).unwrap());
    let header = format!(
        "keyId=\"https://b.example/u#k\",algorithm=\"{algorithm}\",created={created}, expires={expires},\
         headers=\"(request-target) host (created) (expires) digest\",signature=\"{signature}\""
    );
    verify(key, &[("signature", &header), ("digest", &digest), ("host", "a.example")])
}

#[test]
fn times_may_be_in_the_signature() {
    for key in [&*RSA, &*ED25519] {
        assert_eq!(draft(key, "hs2019", NOW, NOW + 1), Ok("https://b.example/u#k".into()));
        assert!(matches!(draft(key, "hs2019", NOW, NOW - 1), Err(SignatureError::Time(_))));
        assert!(matches!(draft(key, "hs2019", NOW - 3_601, NOW + 1), Err(SignatureError::Time(_))));
        for algorithm in ["rsa-sha256", "hmac-sha256", "none", ""] {
            assert!(
                matches!(draft(key, algorithm, NOW, NOW + 1), Err(SignatureError::Algorithm(_))),
                "{algorithm}"
            );
        }
    }
}

/// One member of each of the two headers of RFC 9421.
fn message(label: &str, key: &PrivateKey, parameters: &str) -> (String, String) {
    let parameters = format!("(\"@method\" \"@path\" \"@authority\" \"content-digest\"){parameters}");
    let base = format!(
        "\"@method\": POST\n\"@path\": /inbox\n\"@authority\": a.example\n\"content-digest\": {}\n\"@signature-params\": {parameters}",
        content_digest(BODY)
    );
    let signature = BASE64.encode(&key.sign(base.as_bytes()).unwrap());
    (format!("{label}={parameters}"), format!("{label}=:{signature}:"))
}

fn messages(key: &PrivateKey, members: &[(String, String)]) -> Result<String, SignatureError> {
    let digest = content_digest(BODY);
    let mut headers = vec![("content-digest", digest.as_str())];
    for (input, signature) in members {
        headers.extend([("signature-input", input.as_str()), ("signature", signature.as_str())]);
    }
    verify(key, &headers)
}

fn key_id(name: &str) -> String {
    format!("https://b.example/{name}")
}

#[test]
fn of_several_signatures_the_one_for_this_protocol_counts() {
    let of = |label: &str, more: &str| {
        message(label, &ED25519, &format!(";created={NOW};keyid=\"{}\"{more}", key_id(label)))
    };
    let (first, tagged) = (of("a", ""), of("b", ";tag=\"activitypub\""));
    assert_eq!(messages(&ED25519, std::slice::from_ref(&first)), Ok(key_id("a")));
    assert_eq!(messages(&ED25519, &[first.clone(), tagged.clone()]), Ok(key_id("b")));
    assert_eq!(messages(&ED25519, &[of("a", ";expires=1"), of("c", "")]), Ok(key_id("c")));
    let many: Vec<_> = ["a", "b", "c", "d", "e"].map(|label| of(label, "")).into();
    assert!(matches!(messages(&ED25519, &many), Err(SignatureError::Malformed(_))));
    let swapped = (first.0, tagged.1.replacen('b', "a", 1));
    assert_eq!(messages(&ED25519, &[swapped]), Err(SignatureError::Wrong));
}

#[test]
fn what_a_signature_says_of_itself_has_to_be_right() {
    let of = |key: &PrivateKey, parameters: &str| messages(key, &[message("a", key, parameters)]);
    let named = ";keyid=\"https://b.example/u\"";
    assert_eq!(of(&RSA, &format!(";created={NOW}{named};alg=\"rsa-v1_5-sha256\"")), Ok(key_id("u")));
    assert_eq!(of(&RSA, &format!(";nonce=\"x\";created={NOW};expires={NOW}{named}")), Ok(key_id("u")));
    assert_eq!(of(&RSA, named), Err(SignatureError::NotCovered("created")));
    assert_eq!(of(&RSA, &format!(";created={NOW}")), Err(SignatureError::KeyId));
    for algorithm in ["ed25519", "hmac-sha256", "rsa-pss-sha512", ""] {
        let refused = of(&RSA, &format!(";created={NOW}{named};alg=\"{algorithm}\""));
        assert!(matches!(refused, Err(SignatureError::Algorithm(_))), "{algorithm}: {refused:?}");
    }
    for time in [format!(";created={}", NOW + 3_601), format!(";created={NOW};expires={}", NOW - 1)] {
        assert!(matches!(of(&RSA, &format!("{time}{named}")), Err(SignatureError::Time(_))), "{time}");
    }
    assert_eq!(messages(&RSA, &[]), Err(SignatureError::Missing));
    assert_eq!(messages(&RSA, &[("a=()".into(), "b=:AAAA:".into())]), Err(SignatureError::Missing));
}
