//! How often somebody may call: more often than people do, less often than harms others.

use std::fmt;

use accounts::limits::address;
use cache::Cache;
use futures::future::BoxFuture;
use http::header::RETRY_AFTER;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use server::{Caller, Problem, Throttle};

/// Calls at once and per second of one person.
const KNOWN: (u32, f64) = (600, 30.0);

/// The same of one address without a name.
const STRANGERS: (u32, f64) = (300, 10.0);

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");

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
        let user = parts.extensions.get::<Caller>().and_then(|caller| caller.user_id.clone());
        let (key, bounds) = match user {
            Some(user) => (format!("social:calls:user:{user}"), KNOWN),
            None => (format!("social:calls:{}", address(parts)), STRANGERS),
        };
        Box::pin(async move { self.draw(&key, bounds).await })
    }
}

impl Bounds {
    /// Says with each answer how much is left (spec/social.md §3.6). A cache that does not answer refuses nobody.
    async fn draw(&self, key: &str, (capacity, refill): (u32, f64)) -> Result<HeaderMap, Problem> {
        let Ok(decision) = self.cache.token_bucket(key, capacity, refill, 1).await else {
            return Ok(HeaderMap::new());
        };
        let standing = [(LIMIT, capacity), (REMAINING, decision.remaining)];
        if decision.allowed {
            return Ok(standing.map(|(name, value)| (name, HeaderValue::from(value))).into_iter().collect());
        }
        let wait = decision.retry_after.unwrap_or_default().as_secs().max(1);
        let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "Too many requests. Try again soon.");
        let problem = problem.with_header(RETRY_AFTER, HeaderValue::from(wait));
        Err(standing
            .into_iter()
            .fold(problem, |problem, (name, value)| problem.with_header(name, value.into())))
    }
}
