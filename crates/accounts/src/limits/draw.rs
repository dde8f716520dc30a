//! Bounds that an app with callers of its own sets them.

use cache::Cache;
use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderValue, StatusCode, request::Parts};
use server::{ClientAddress, Problem};

/// Draws one token of a bucket that holds `capacity` and gains `refill` a second, in the cache that all instances share. An empty
/// one is refused with 429 and `Retry-After`; a cache that does not answer refuses nobody.
pub async fn draw(cache: &Cache, key: &str, (capacity, refill): (u32, f64)) -> Result<HeaderMap, Problem> {
    let Ok(decision) = cache.token_bucket(key, capacity, refill, 1).await else {
        return Ok(HeaderMap::new());
    };
    if decision.allowed {
        return Ok(HeaderMap::new());
    }
    let wait = decision.retry_after.unwrap_or_default().as_secs().max(1);
    let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "Too many requests. Try again soon.");
    Err(problem.with_header(RETRY_AFTER, HeaderValue::from(wait)))
}

/// The address that a request comes from, as part of the name of a bucket; empty for one that came through no socket.
#[must_use]
pub fn address(parts: &Parts) -> String {
    parts.extensions.get::<ClientAddress>().map(|address| address.0.to_string()).unwrap_or_default()
}
