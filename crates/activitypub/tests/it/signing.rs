//! What is signed here verifies here, and nothing else does.

use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use activitypub::signature::{
    Form, KeyId, KeyType, PrivateKey, Request, SignatureError, Signed, Signer, Terms, Window,
};
use http::{HeaderMap, Method};
use url::Url;

const BODY: &[u8] = br#"{"type":"Follow"}"#;

struct Fixture {
    key_id: KeyId,
    keys: [PrivateKey; 2],
    url: Url,
    now: SystemTime,
}

static FIXTURE: LazyLock<Fixture> = LazyLock::new(|| Fixture {
    key_id: KeyId::parse("https://peer.example/users/bob#main-key").unwrap(),
    keys: [KeyType::Rsa, KeyType::Ed25519].map(|key_type| PrivateKey::generate(key_type).unwrap()),
    url: Url::parse("https://social.example/inbox?page=1").unwrap(),
    now: std::time::UNIX_EPOCH + Duration::from_secs(1_767_323_045),
});

/// Each key, form, method and way to treat the query.
fn each(check: impl Fn(&PrivateKey, &Method, &HeaderMap, &[u8])) {
    let fixture = &*FIXTURE;
    for key in &fixture.keys {
        for (form, with_query) in [(Form::Draft, true), (Form::Draft, false), (Form::Message, true)] {
            for (method, body) in [(Method::POST, Some(BODY)), (Method::GET, None)] {
                if body.is_some() && !with_query {
                    continue;
                }
                let mut headers = HeaderMap::new();
                headers.insert("accept", "application/activity+json".parse().unwrap());
                headers.insert("content-type", "application/activity+json".parse().unwrap());
                let signer = Signer { key_id: &fixture.key_id, key, form, with_query };
                signer.sign(&method, &fixture.url, &mut headers, body, fixture.now).unwrap();
                check(key, &method, &headers, body.unwrap_or_default());
            }
        }
    }
}

fn terms(body: &[u8]) -> Terms<'_> {
    Terms { now: FIXTURE.now, window: Window::default(), body }
}

fn verify(key: &PrivateKey, request: &Request<'_>, terms: &Terms<'_>) -> Result<(), SignatureError> {
    let signed = Signed::read(request, terms)?;
    assert_eq!(signed.key_id(), &FIXTURE.key_id);
    signed.verify(&key.public_key().unwrap())
}

#[test]
fn verifies_in_each_form() {
    each(|key, method, headers, body| {
        let request = Request::to(method, &FIXTURE.url, headers);
        assert_eq!(verify(key, &request, &terms(body)), Ok(()), "{headers:?}");
        let other = &FIXTURE.keys[usize::from(key.key_type() == KeyType::Rsa)];
        assert!(verify(other, &request, &terms(body)).is_err());
    });
}

#[test]
fn nothing_that_is_covered_can_be_changed() {
    each(|key, method, headers, body| {
        let request = Request::to(method, &FIXTURE.url, headers);
        for name in headers.keys().filter(|name| *name != "accept" && *name != "content-type") {
            for change in [None, Some("x"), Some("Fri, 02 Jan 2026 03:04:06 GMT")] {
                let mut changed = headers.clone();
                match change {
                    Some(value) => drop(changed.insert(name, value.parse().unwrap())),
                    None => drop(changed.remove(name)),
                }
                let request = Request { headers: &changed, ..request };
                assert!(verify(key, &request, &terms(body)).is_err(), "{name} {change:?}");
            }
            // What is said twice in the newer form, and is the same, is said once.
            if headers.contains_key("signature-input") && name.as_str().starts_with("signature") {
                continue;
            }
            let mut twice = headers.clone();
            twice.append(name, headers[name].clone());
            assert!(
                verify(key, &Request { headers: &twice, ..request }, &terms(body)).is_err(),
                "{name} twice"
            );
        }
        let described = if body.is_empty() { "accept" } else { "content-type" };
        let mut changed = headers.clone();
        changed.insert(described, "text/html".parse().unwrap());
        assert_eq!(
            verify(key, &Request { headers: &changed, ..request }, &terms(body)),
            Err(SignatureError::Wrong)
        );
        let other_method = if body.is_empty() { &Method::HEAD } else { &Method::PUT };
        assert_eq!(
            verify(key, &Request { method: other_method, ..request }, &terms(body)),
            Err(SignatureError::Wrong)
        );
        assert!(verify(key, &Request { target: "/outbox?page=1", ..request }, &terms(body)).is_err());
        assert!(verify(key, &request, &terms(b"{}")).is_err());
    });
}

#[test]
fn counts_within_the_window_and_for_this_host_only() {
    each(|key, method, headers, body| {
        let request = Request::to(method, &FIXTURE.url, headers);
        let hour = Duration::from_hours(1);
        for now in [FIXTURE.now - hour, FIXTURE.now + hour] {
            assert_eq!(verify(key, &request, &Terms { now, ..terms(body) }), Ok(()));
        }
        for now in [FIXTURE.now - hour - Duration::from_secs(1), FIXTURE.now + hour + Duration::from_secs(1)]
        {
            let refused = verify(key, &request, &Terms { now, ..terms(body) });
            assert!(matches!(refused, Err(SignatureError::Time(_))));
        }
        for host in ["evil.example", "social.example:8443", "social.example.evil.example"] {
            let mut changed = headers.clone();
            changed.insert("host", host.parse().unwrap());
            let refused = verify(key, &Request { headers: &changed, ..request }, &terms(body));
            assert_eq!(refused, Err(SignatureError::Host), "{host}");
        }
    });
}

#[test]
fn says_less_than_it_must_and_is_refused() {
    each(|key, method, headers, body| {
        let request = Request::to(method, &FIXTURE.url, headers);
        let header = if headers.contains_key("signature-input") { "signature-input" } else { "signature" };
        let text = headers[header].to_str().unwrap();
        for covered in [
            "(request-target) ",
            " host",
            " date",
            " digest",
            "\"@method\" ",
            "\"@target-uri\" ",
            "\"content-digest\" ",
        ] {
            if let Some((before, after)) = text.split_once(covered) {
                let mut changed = headers.clone();
                changed.insert(header, format!("{before}{after}").parse().unwrap());
                let refused = verify(key, &Request { headers: &changed, ..request }, &terms(body));
                assert!(matches!(refused, Err(SignatureError::NotCovered(_))), "{covered}: {refused:?}");
            }
        }
    });
}
