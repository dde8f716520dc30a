//! The test values of draft-cavage-http-signatures-12, appendix C.

use aws_lc_rs::signature::{RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY as LEGACY, UnparsedPublicKey};
use data_encoding::BASE64;
use http::{HeaderMap, Method};

use super::parameters::Parameters;
use super::{Covered, signing_string, write};
use crate::signature::{Request, SignatureError};

/// The key with 1,024 bits, which is too short for anything but this.
const KEY: &str = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDCFENGw33yGihy92pDjZQhl0C36rPJj+CvfSC8+q28hxA161QFNUd13wuCTUcq0Qd2qsBe/2hFyc2DCJJg0h1L78+6Z4UMR7EOcpfdUE9Hf3m/hs+FUR45uBJeDK1HSFHD8bHKD6kv8FPGfJTotc+2xjJwoYi+1hqp1fIekaxsyQIDAQAB";
const BASIC: &str = "qdx+H7PHHDZgy4y/Ahn9Tny9V3GP6YgBPyUXMmoxWtLbHpUnXS2mg2+SbrQDMCJypxBLSPQR2aAjn7ndmw2iicw3HMbe8VfEdKFYRqzic+efkb3nndiv/x1xSHDJWeSWkx3ButlYSuBskLu6kd9Fswtemr3lgdDEmn04swr2Os0=";
const ALL: &str = "vSdrb+dS3EceC9bcwHSo4MlyKS59iFIrhgYkz8+oVLEEzmYZZvRs8rgOp+63LEM3v+MFHB32NfpB2bEKBIvB1q52LaEUHFv120V01IL+TAD48XaERZFukWgHoBTLMhYS2Gb51gWxpeIq8knRmPnYePbF5MOkR0Zkly4zKH7s1dE=";

fn headers() -> HeaderMap {
    let pairs = [
        ("host", "example.com"),
        ("date", "Sun, 05 Jan 2014 21:31:40 GMT"),
        ("content-type", "application/json"),
        ("digest", "SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE="),
        ("content-length", "18"),
    ];
    pairs.into_iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
}

fn request(headers: &HeaderMap) -> Request<'_> {
    let target = "/foo?param=value&pet=dog";
    Request { method: &Method::POST, scheme: "https", authority: "example.com", target, headers }
}

#[test]
fn basic_and_all_headers_verify() {
    let headers = headers();
    let key = BASE64.decode(KEY.as_bytes()).unwrap();
    let names = ["(request-target)", "host", "date", "content-type", "digest", "content-length"];
    for (names, signature) in [(&names[..3], BASIC), (&names[..], ALL)] {
        let header = format!(
            "keyId=\"Test\", algorithm=\"rsa-sha256\",\n headers=\"{}\",signature=\"{signature}\"",
            names.join(" ")
        );
        let parameters = Parameters::parse(&header).unwrap();
        let request = request(&headers);
        let message = signing_string(&parameters.covered(request.target), &request).unwrap();
        UnparsedPublicKey::new(&LEGACY, &key).verify(message.as_bytes(), &parameters.signature).unwrap();
        assert_eq!(
            write("Test", "rsa-sha256", names, &parameters.signature),
            header.replace(", ", ",").replace(",\n ", ",")
        );
    }
}

#[test]
fn created_and_expires_have_lines() {
    let headers = headers();
    let names = vec!["(created)", "(expires)", "host"];
    let covered = Covered { names, target: "/", created: Some(1_402_170_695), expires: Some(1_402_170_699) };
    let lines = signing_string(&covered, &request(&headers)).unwrap();
    assert_eq!(lines, "(created): 1402170695\n(expires): 1402170699\nhost: example.com");
    let without = Covered { created: None, ..covered };
    assert_eq!(signing_string(&without, &request(&headers)), Err(SignatureError::Absent("(created)".into())));
}

#[test]
fn what_is_odd_is_refused() {
    let good = r#"keyId="k",headers="(request-target) host",signature="AAAA",created=1"#;
    assert!(Parameters::parse(good).is_ok());
    for bad in [
        "",
        r#"keyId="k",headers="host""#,
        r#"keyId="k",signature="AAAA""#,
        r#"headers="host",signature="AAAA""#,
        &good.replace("host", "host HOST"),
        &good.replace("AAAA", "A"),
        &good.replace("AAAA\"", "AAAA"),
        &good.replace("\"k\"", "\"k\\\""),
        &good.replace("created", "nonce"),
        &good.replace("=1", "=1.5"),
        &good.replace("=1", "=99999999999999999999"),
        &format!("{good},{good}"),
        &good.replace("host", &(0..40).map(|n| format!("h{n}")).collect::<Vec<_>>().join(" ")),
        &good.replace("AAAA", &"AAAA".repeat(400)),
    ] {
        assert!(Parameters::parse(bad).is_err(), "{bad}");
    }
}
