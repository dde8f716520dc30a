//! How often strangers may ask for tokens and codes: each question may make this server ask others.

use std::fmt;

use cache::Cache;
use futures::future::BoxFuture;
use http::header::RETRY_AFTER;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use server::{ClientAddress, Problem, Throttle};

/// Requests of one address at once, and per second. A build farm behind one address asks for a token for every image.
const BOUNDS: (u32, f64) = (600, 20.0);

/// Counts in the cache, so for all instances together.
pub(crate) struct ByAddress {
    pub(crate) cache: Cache,
}

impl fmt::Debug for ByAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByAddress")
    }
}

impl Throttle for ByAddress {
    fn admit<'a>(&'a self, parts: &'a mut Parts) -> BoxFuture<'a, Result<HeaderMap, Problem>> {
        let address = parts.extensions.get::<ClientAddress>().map(|address| address.0.to_string());
        let key = format!("registry:calls:{}", address.unwrap_or_default());
        Box::pin(async move {
            // A cache that does not answer refuses nobody.
            let Ok(decision) = self.cache.token_bucket(&key, BOUNDS.0, BOUNDS.1, 1).await else {
                return Ok(HeaderMap::new());
            };
            if decision.allowed {
                return Ok(HeaderMap::new());
            }
            let wait = decision.retry_after.unwrap_or_default().as_secs().max(1);
            let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too many requests; try again soon");
            Err(problem.with_header(RETRY_AFTER, HeaderValue::from(wait)))
        })
    }
}
