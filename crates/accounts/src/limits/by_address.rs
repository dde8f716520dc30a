//! Bounds of an app's callers by where they call from, whoever they are.

use std::fmt;

use cache::Cache;
use futures::future::{BoxFuture, FutureExt};
use http::{HeaderMap, request::Parts};
use server::{Problem, Throttle};

use super::{address, draw};

/// Every address has a bucket of its own, in the cache that all instances share.
pub struct ByAddress {
    cache: Cache,
    app: &'static str,
    bounds: (u32, f64),
}

impl ByAddress {
    /// `app` names the buckets; `bounds` are requests of one address at once, and per second.
    #[must_use]
    pub fn new(cache: Cache, app: &'static str, bounds: (u32, f64)) -> Self {
        Self { cache, app, bounds }
    }
}

impl fmt::Debug for ByAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByAddress").field("app", &self.app).finish_non_exhaustive()
    }
}

impl Throttle for ByAddress {
    fn admit<'a>(&'a self, parts: &'a mut Parts) -> BoxFuture<'a, Result<HeaderMap, Problem>> {
        let key = format!("{}:calls:{}", self.app, address(parts));
        async move { draw(&self.cache, &key, self.bounds).await }.boxed()
    }
}
