//! What must hold for anything that other servers write, for fuzzers; see `fuzz/README.md`.

#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "every function here is a check")]

use activitypub::Address;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use social::Addresses;
use social::moderation::names_of;
use url::Url;

use crate::delivery;
use crate::fetch;
use crate::names::Names;

/// Whatever an address looks like, it is ours only if it is below the address of this server, and nobody's who is elsewhere; rules of hosts
/// are of names that it has.
pub fn name(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let _ = names_of(text);
    let Ok(address) = Address::parse(text) else { return };
    for base in ["https://a.example", "http://127.0.0.1:8080", "https://a.example/social"] {
        let names = Names::new(&Addresses::new(&Url::parse(base).expect("it is one"))).expect("it is one");
        for found in [names.local_actor(&address), names.local_note(&address)].into_iter().flatten() {
            assert!(names.is_ours(&address) && text.starts_with(base) && text.ends_with(found));
            assert!(!found.is_empty() && !found.contains(['/', '?', '#']));
        }
    }
    let hosts = names_of(address.authority());
    assert!((1..=12).contains(&hosts.len()) && hosts[0] == address.authority());
    assert!(hosts.iter().all(|host| address.authority().contains(host) && !host.is_empty()));
}

/// Whatever an inbox answers with, what follows is tried again within bounds.
pub fn retry_after(input: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(input) else { return };
    for status in [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE, StatusCode::UNAUTHORIZED] {
        let headers = HeaderMap::from_iter([(header::RETRY_AFTER, value.clone())]);
        for attempts in [1, 15, i64::MAX] {
            let pause = delivery::pause_after(status, &headers, attempts).expect("it is tried again");
            assert!((15_000_000..=86_400_000_000 + 98_319_000_000).contains(&pause), "{pause}");
        }
    }
}

/// Wherever an answer sends us, it is an address without a fragment, and never from one that is encrypted to one that is not.
pub fn redirect(input: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(input) else { return };
    let headers = HeaderMap::from_iter([(header::LOCATION, value)]);
    for from in ["https://a.example/users/x?y", "http://a.example/"] {
        let at = Address::parse(from).expect("it is one");
        if let Ok(Some(next)) = fetch::redirect(&at, StatusCode::FOUND, &headers) {
            assert!(next.url().fragment().is_none() && next.url().username().is_empty());
            assert!(next.url().scheme() == "https" || at.url().scheme() == "http");
        }
    }
}
