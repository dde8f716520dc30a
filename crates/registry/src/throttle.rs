//! How often strangers may ask for tokens and codes: each question may make this server ask others.

use std::fmt;

use accounts::limits::{address, draw};
use cache::Cache;
use futures::future::{BoxFuture, FutureExt};
use http::HeaderMap;
use http::request::Parts;
use server::{Problem, Throttle};

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
        let key = format!("registry:calls:{}", address(parts));
        async move { draw(&self.cache, &key, BOUNDS).await }.boxed()
    }
}
