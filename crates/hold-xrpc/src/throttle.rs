//! How often an address may ask: each token may make this server look up whose it is.

use std::fmt;

use accounts::limits::{address, draw};
use cache::Cache;
use futures::future::{BoxFuture, FutureExt};
use http::HeaderMap;
use http::request::Parts;
use server::{Problem, Throttle};

/// Requests of one address at once, and per second: a registry elsewhere asks for every layer of every image of its users.
const BOUNDS: (u32, f64) = (3000, 200.0);

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
        let key = format!("hold:calls:{}", address(parts));
        async move { draw(&self.cache, &key, BOUNDS).await }.boxed()
    }
}
