//! How often somebody may call: generous to accounts, less so to strangers.

use std::fmt;

use accounts::limits::{address, draw};
use cache::Cache;
use futures::future::BoxFuture;
use http::HeaderMap;
use http::request::Parts;
use server::{Caller, Principal, Problem, Throttle};

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
        let (key, bounds) = match parts.extensions.get::<Caller>().map(|it| &it.principal) {
            Some(Principal::AppAccount { account_id, .. }) => (format!("sync:calls:{account_id}"), KNOWN),
            _ => (format!("sync:calls:{}", address(parts)), STRANGERS),
        };
        Box::pin(async move { draw(&self.cache, &key, bounds).await })
    }
}
