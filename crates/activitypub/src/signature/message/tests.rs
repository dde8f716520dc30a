//! The test values of RFC 9421, appendix B.

use data_encoding::BASE64;
use http::{HeaderMap, Method};
use sfv::{Dictionary, Parser};

use super::input::{Input, write};
use super::{base, read};
use crate::signature::{PrivateKey, PublicKey, Request, SignatureError, Terms, Window};

/// `test-key-ed25519` (B.1.4).
const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
-----END PUBLIC KEY-----";
const PRIVATE: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF
-----END PRIVATE KEY-----";

/// The signature of B.2.6.
const INPUT: &str = r#"sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519""#;
const SIGNATURE: &str =
    "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==";

fn headers() -> HeaderMap {
    let pairs = [
        ("host", "example.com"),
        ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
        ("content-type", "application/json"),
        ("content-length", "18"),
        ("cache-control", " max-age=60 "),
        ("cache-control", "must-revalidate"),
    ];
    pairs.into_iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).fold(
        HeaderMap::new(),
        |mut headers, (name, value): (http::HeaderName, http::HeaderValue)| {
            headers.append(name, value);
            headers
        },
    )
}

fn request(headers: &HeaderMap) -> Request<'_> {
    let target = "/foo?param=Value&Pet=dog";
    Request { method: &Method::POST, scheme: "https", authority: "example.com", target, headers }
}

fn input(text: &str) -> Result<Input, SignatureError> {
    let fields: Dictionary = Parser::new(text).parse().unwrap();
    Input::parse(fields.into_iter().next().unwrap().1)
}

#[test]
fn an_ed25519_signature_is_made_and_verified() {
    let (headers, input) = (headers(), input(INPUT).unwrap());
    let message = base(&input.components, &input.parameters, &request(&headers)).unwrap();
    assert_eq!(message.lines().last(), Some(&*INPUT.replace("sig-b26=", "\"@signature-params\": ")));
    let signature = BASE64.decode(SIGNATURE.as_bytes()).unwrap();
    assert!(PublicKey::from_pem(PUBLIC).unwrap().verify(message.as_bytes(), &signature));
    let key = PrivateKey::from_pem(PRIVATE).unwrap();
    assert_eq!(key.sign(message.as_bytes()), Ok(signature));
    assert_eq!(key.public_key(), PublicKey::from_pem(PUBLIC));
}

#[test]
fn components_are_those_of_section_2() {
    let headers = headers();
    let names = [
        "@method",
        "@target-uri",
        "@authority",
        "@scheme",
        "@request-target",
        "@path",
        "@query",
        "cache-control",
    ];
    let lines = base(&names, "()", &request(&headers)).unwrap();
    let expected = "\"@method\": POST
\"@target-uri\": https://example.com/foo?param=Value&Pet=dog
\"@authority\": example.com
\"@scheme\": https
\"@request-target\": /foo?param=Value&Pet=dog
\"@path\": /foo
\"@query\": ?param=Value&Pet=dog
\"cache-control\": max-age=60, must-revalidate
\"@signature-params\": ()";
    assert_eq!(lines, expected);
    for unknown in ["@status", "@query-param", "x-missing"] {
        assert_eq!(base(&[unknown], "()", &request(&headers)), Err(SignatureError::Absent(unknown.into())));
    }
}

#[test]
fn what_is_written_is_read() {
    let text = write(&["@method", "date"], 7, "https://a.example/#k", "ed25519");
    let read = input(&format!("sig1={text}")).unwrap();
    assert_eq!((read.parameters, read.components), (text, vec!["@method".to_owned(), "date".to_owned()]));
    assert_eq!((read.created, read.algorithm.as_deref()), (Some(7), Some("ed25519")));
    for bad in [
        "a=1",
        r#"a=("date";sf)"#,
        r#"a=("date" "date")"#,
        r#"a=("Date")"#,
        "a=(date)",
        r#"a=("date");created="1""#,
        r#"a=("date");created=1.5"#,
        r#"a=("date");keyid=abc"#,
    ] {
        assert!(input(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_signature_of_somebody_without_an_address_is_nobodys() {
    let mut headers = headers();
    headers.insert("signature-input", INPUT.parse().unwrap());
    headers.insert("signature", format!("sig-b26=:{SIGNATURE}:").parse().unwrap());
    let terms = Terms { now: std::time::SystemTime::now(), window: Window::default(), body: b"" };
    assert_eq!(read(&request(&headers), &terms).unwrap_err(), SignatureError::KeyId);
}
