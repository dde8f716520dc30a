//! How often somebody may call: generous to accounts, less so to strangers.

use std::fmt;

use cache::Cache;
use futures::future::BoxFuture;
use http::header::RETRY_AFTER;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use server::{Caller, ClientAddress, Principal, Problem, Throttle};

/// Calls at once and per second of one account.
const KNOWN: (u32, f64) = (20_000, 5_000.0);

/// The same of one address without an account: a terminal that waits asks once a second, and many may share an address.
const STRANGERS: (u32, f64) = (300, 20.0);

/// Counts in the cache, so for all instances together.
pub(crate) struct Bounds {
    pub(crate) cache: Cache,
}

impl fmt::Debug for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bounds")
    }
}

impl Throttle for Bounds {
    fn admit<'a>(&'a self, parts: &'a mut Parts) -> BoxFuture<'a, Result<HeaderMap, Problem>> {
        // Sockets have limits of their own, and their polls are many.
        if parts.uri.path() == "/v1/updates/" {
            return Box::pin(async { Ok(HeaderMap::new()) });
        }
        let (key, (capacity, refill)) = match parts.extensions.get::<Caller>().map(|it| &it.principal) {
            Some(Principal::AppAccount { account_id, .. }) => (format!("sync:calls:{account_id}"), KNOWN),
            _ => (format!("sync:calls:{}", address(parts)), STRANGERS),
        };
        Box::pin(async move {
            // A cache that does not answer refuses nobody.
            let Ok(decision) = self.cache.token_bucket(&key, capacity, refill, 1).await else {
                return Ok(HeaderMap::new());
            };
            if decision.allowed {
                return Ok(HeaderMap::new());
            }
            let wait = decision.retry_after.unwrap_or_default().as_secs().max(1);
            let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "Too many requests. Try again soon.");
            Err(problem.with_header(RETRY_AFTER, HeaderValue::from(wait)))
        })
    }
}

fn address(parts: &Parts) -> String {
    parts.extensions.get::<ClientAddress>().map(|address| address.0.to_string()).unwrap_or_default()
}
