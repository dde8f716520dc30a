//! Requests that another implementation signed, byte for byte.

use std::time::Duration;

use activitypub::signature::{Form, PrivateKey, PublicKey, Request, SignatureError, Signed, Terms, Window};
use http::{HeaderMap, HeaderName, Method};
use serde_json::Value;
use url::Url;

/// Friday, 2 January 2026, 03:04:05 UTC.
const NOW: u64 = 1_767_323_045;

fn headers(case: &Value) -> HeaderMap {
    let pairs = case["headers"].as_object().unwrap().iter();
    pairs
        .map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.as_str().unwrap().parse().unwrap()))
        .collect()
}

#[test]
fn verify_and_are_reproduced() {
    let vectors: Value = serde_json::from_str(include_str!("signature-vectors.json")).unwrap();
    let public = PublicKey::from_pem(vectors["publicKeyPem"].as_str().unwrap()).unwrap();
    let private = PrivateKey::from_pem(vectors["privateKeyPem"].as_str().unwrap()).unwrap();
    assert_eq!(private.public_key().unwrap(), public);
    let other = PrivateKey::generate(activitypub::signature::KeyType::Rsa).unwrap().public_key().unwrap();
    for case in vectors["cases"].as_array().unwrap() {
        let name = &case["name"];
        let method: Method = case["method"].as_str().unwrap().parse().unwrap();
        let (url, headers) = (Url::parse(case["url"].as_str().unwrap()).unwrap(), headers(case));
        let request = Request::to(&method, &url, &headers);
        let body = case["body"].as_str().unwrap_or_default().as_bytes();
        let now = std::time::UNIX_EPOCH + Duration::from_secs(NOW + 60);
        let terms = Terms { now, window: Window::default(), body };

        let signed = Signed::read(&request, &terms).unwrap();
        let form = if headers.contains_key("signature-input") { Form::Message } else { Form::Draft };
        assert_eq!(
            (signed.form(), signed.key_id().to_string()),
            (form, vectors["keyId"].as_str().unwrap().to_owned())
        );
        assert_eq!(signed.verify(&public), Ok(()), "{name}");
        assert_eq!(signed.verify(&other), Err(SignatureError::Wrong), "{name}");

        // PKCS#1 v1.5 is deterministic.
        let string = case["signingString"].as_str().unwrap();
        let signature = data_encoding::BASE64.encode(&private.sign(string.as_bytes()).unwrap());
        assert!(headers["signature"].to_str().unwrap().contains(&signature), "{name}");

        let late = Terms { now: now + Duration::from_hours(2), ..terms };
        assert!(matches!(Signed::read(&request, &late), Err(SignatureError::Time(_))), "{name}");
        let elsewhere = Url::parse(&case["url"].as_str().unwrap().replace("social", "other")).unwrap();
        let elsewhere = Request::to(&method, &elsewhere, &headers);
        assert_eq!(Signed::read(&elsewhere, &terms).unwrap_err(), SignatureError::Host, "{name}");
        let tampered = Terms { body: b"{}", ..terms };
        assert!(Signed::read(&request, &tampered).is_err(), "{name}");
        let target = Request { target: "/inbox2", ..request };
        assert_eq!(
            Signed::read(&target, &terms).unwrap().verify(&public),
            Err(SignatureError::Wrong),
            "{name}"
        );
    }
}
