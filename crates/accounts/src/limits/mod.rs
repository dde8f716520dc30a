//! How often somebody may call (spec/appview.md §3.3).
//!
//! A call draws tokens from a bucket of the party it is counted against, and where several callers share that bucket,
//! from one of the caller first. The buckets are in the cache, so all instances count together, and one that nobody
//! draws from is gone from there as soon as it is full again.

mod bucket;
mod buckets;
mod by_address;
mod draw;
mod outage;
mod patient;
mod standing;
mod telemetry;

use std::{fmt, sync::Arc};

use cache::Cache;
use futures::future::BoxFuture;
use http::{HeaderMap, request::Parts};
use server::{Caller, ClientAddress, Problem, Throttle};

pub use self::by_address::ByAddress;
pub use self::draw::{address, draw};
use self::{
    bucket::{Bucket, Draw},
    buckets::Buckets,
    standing::Standing,
};
use crate::clients::{ClientError, ClientIdentity, Clients, RateLimit};

/// What a call of a page or of an app costs that is not a method with a price of its own.
const PLAIN_COST: u32 = 1;

/// The rate limits of this server. Cheap to clone; clones draw from the same buckets.
///
/// As a [`Throttle`] it lets whoever names an app that does not exist through to the handler, which knows better what
/// to say; the address is charged.
#[derive(Clone)]
pub struct Limits {
    clients: Clients,
    /// Of callers who have no limit of their own.
    default: RateLimit,
    buckets: Arc<Buckets>,
}

impl Limits {
    pub(crate) fn new(clients: Clients, default: RateLimit, cache: Cache) -> Self {
        telemetry::describe();
        Self { clients, default, buckets: Arc::new(Buckets::new(cache)) }
    }

    /// Counts a call of so many tokens. Headers for its answer, or the refusal: 429, or 401 if it names an app that it may
    /// not be made through.
    pub async fn check(&self, parts: &Parts, cost: u32) -> Result<HeaderMap, Problem> {
        let (headers, identified) = self.count(parts, cost).await?;
        identified.map_err(|error| with(error.into(), headers.clone()))?;
        Ok(headers)
    }

    /// Counts a call; also whom it was made through, as far as that could be found out.
    async fn count(
        &self,
        parts: &Parts,
        cost: u32,
    ) -> Result<(HeaderMap, Result<ClientIdentity, ClientError>), Problem> {
        let caller = parts.extensions.get::<Caller>();
        let address = parts.extensions.get::<ClientAddress>().copied();
        let identified = self.clients.identify(parts, caller).await;
        // Whoever names an app that they may not use has called all the same.
        let identity = identified.as_ref().unwrap_or(&ClientIdentity::Anonymous);
        let did = caller.and_then(|caller| caller.principal.did());
        let standing = self.take(&Draw::of(identity, did, address, self.default), cost).await;
        if standing.is_refusal() {
            Err(with(Standing::problem(), standing.headers()))
        } else {
            Ok((standing.headers(), identified))
        }
    }

    /// Where the caller stands with the bucket that is tightest.
    async fn take(&self, draw: &Draw, cost: u32) -> Standing {
        let Some(share) = &draw.share else { return self.take_from(&draw.party, cost).await };
        let own = self.take_from(share, cost).await;
        // What one is refused must cost the others nothing.
        if own.is_refusal() { own } else { own.tighter(self.take_from(&draw.party, cost).await) }
    }

    async fn take_from(&self, bucket: &Bucket, cost: u32) -> Standing {
        let decision = self.buckets.take(bucket, cost).await;
        if !decision.allowed {
            metrics::counter!(telemetry::RATE_LIMITED, "of" => bucket.of).increment(1);
        }
        Standing::new(bucket.limit, cost, &decision)
    }
}

impl Throttle for Limits {
    fn admit<'a>(&'a self, parts: &'a mut Parts) -> BoxFuture<'a, Result<HeaderMap, Problem>> {
        Box::pin(async move { Ok(self.count(parts, PLAIN_COST).await?.0) })
    }
}

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limits").field("default", &self.default).finish_non_exhaustive()
    }
}

fn with(problem: Problem, headers: HeaderMap) -> Problem {
    let named = headers.into_iter().filter_map(|(name, value)| Some((name?, value)));
    named.fold(problem, |problem, (name, value)| problem.with_header(name, value))
}
