//! Bounds that an app with callers of its own sets them.

use std::sync::LazyLock;

use cache::Cache;
use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderValue, StatusCode, request::Parts};
use server::{ClientAddress, Problem};

use super::bucket::network;
use super::patient::Patient;

/// One for the process: it has one cache.
static PATIENT: LazyLock<Patient> = LazyLock::new(Patient::new);

/// Draws one token of a bucket that holds `capacity` and gains `refill` a second, in the cache that all instances share. An empty
/// one is refused with 429 and `Retry-After`. While the cache does not answer, this process counts by itself, and nobody waits.
pub async fn draw(cache: &Cache, key: &str, bounds: (u32, f64)) -> Result<HeaderMap, Problem> {
    let decision = PATIENT.take(cache, key, bounds, 1).await;
    if decision.allowed {
        return Ok(HeaderMap::new());
    }
    let wait = decision.retry_after.unwrap_or_default().as_secs().max(1);
    let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "Too many requests. Try again soon.");
    Err(problem.with_header(RETRY_AFTER, HeaderValue::from(wait)))
}

/// Where a request comes from, as part of the name of a bucket: an IPv4 address, or the network that an IPv6 host chooses its
/// addresses from; empty for one that came through no socket.
#[must_use]
pub fn address(parts: &Parts) -> String {
    let address = parts.extensions.get::<ClientAddress>();
    address.map(|address| network(Some(*address)).into_owned()).unwrap_or_default()
}
