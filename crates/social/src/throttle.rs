//! How often somebody may call: more often than people do, less often than harms others.

use std::fmt;

use accounts::limits::{address, draw};
use cache::Cache;
use futures::future::BoxFuture;
use http::HeaderMap;
use http::request::Parts;
use server::{Caller, Problem, Throttle};

/// Calls at once and per second of one person.
const KNOWN: (u32, f64) = (600, 30.0);

/// The same of one address without a name.
const STRANGERS: (u32, f64) = (300, 10.0);

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
        Box::pin(async move { draw(&self.cache, &key, bounds).await })
    }
}
