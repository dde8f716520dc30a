//! The newest DPoP nonce of each server.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use http::HeaderMap;
use url::Url;

/// Longer ones are no nonces.
const MAX_BYTES: usize = 512;

/// Forgetting all of them costs one more request to each server.
const MAX_SERVERS: usize = 10_000;

/// What servers want to see in the next proof (RFC 9449 §8), by origin. Kept per process: one that is out of date costs a
/// single repetition.
#[derive(Default)]
pub(super) struct Nonces {
    by_origin: Mutex<HashMap<String, String>>,
}

impl Nonces {
    /// The nonce for the next request to the server of `url`.
    pub(super) fn of(&self, url: &Url) -> Option<String> {
        self.lock().get(&origin(url)).cloned()
    }

    /// Notes the nonce of an answer; whether there was one.
    pub(super) fn learn(&self, url: &Url, headers: &HeaderMap) -> bool {
        let nonce = headers.get("dpop-nonce").and_then(|value| value.to_str().ok());
        let Some(nonce) = nonce.filter(|nonce| (1..=MAX_BYTES).contains(&nonce.len())) else { return false };
        let mut by_origin = self.lock();
        if by_origin.len() >= MAX_SERVERS {
            by_origin.clear();
        }
        by_origin.insert(origin(url), nonce.to_owned());
        true
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.by_origin.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(nonce: &str) -> HeaderMap {
        HeaderMap::from_iter([(http::HeaderName::from_static("dpop-nonce"), nonce.parse().unwrap())])
    }

    #[test]
    fn the_newest_of_each_origin_is_kept() {
        let nonces = Nonces::default();
        let url = |text| Url::parse(text).unwrap();
        assert_eq!(nonces.of(&url("https://a.example/x")), None);
        assert!(nonces.learn(&url("https://a.example/x"), &headers("one")));
        assert!(nonces.learn(&url("https://a.example/y?z"), &headers("two")));
        assert!(!nonces.learn(&url("https://a.example/"), &HeaderMap::new()));
        assert!(!nonces.learn(&url("https://a.example/"), &headers(&"n".repeat(MAX_BYTES + 1))));
        assert_eq!(nonces.of(&url("https://a.example/")).as_deref(), Some("two"));
        assert_eq!(nonces.of(&url("https://a.example:8443/")), None);
    }

    #[test]
    fn the_number_of_servers_is_bounded() {
        let nonces = Nonces::default();
        for n in 0..=MAX_SERVERS {
            nonces.learn(&Url::parse(&format!("https://{n}.example/")).unwrap(), &headers("n"));
        }
        assert!(nonces.lock().len() <= MAX_SERVERS);
    }
}
