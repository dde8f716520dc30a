//! Reading what other servers say: each request signed by the instance actor, within bounds, and believed only if it names itself
//! where it was found (spec/social.md §4.8, §4.11).

mod budget;
mod error;
mod flight;
mod get;
mod webfinger;

use std::sync::Arc;
use std::time::Duration;

use activitypub::Address;
use activitypub::object::Document;
use moka::sync::Cache;
use outbound::Outbound;

pub(crate) use self::budget::Budget;
pub use self::error::FetchError;
use self::flight::Flights;
pub(crate) use self::get::redirect;
use crate::hosts::Hosts;
use crate::keys::Keys;

/// How long an address that gave nothing is not asked again, and how many are remembered.
const MISSED_FOR: Duration = Duration::from_mins(5);
const MISSED: u64 = 10_000;

/// Redirects from one address.
const MAX_REDIRECTS: usize = 3;

/// Requests for one address besides the first: where it redirects to, or as others sign, or once more.
const MORE: u32 = 6;

/// For the whole of one exchange.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The one way to ask other servers. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Fetcher(Arc<Inner>);

struct Inner {
    outbound: Outbound,
    keys: Keys,
    hosts: Hosts,
    /// `http` where this server is reached so itself: then it is a test.
    scheme: &'static str,
    /// Bytes of what is fetched.
    max_bytes: usize,
    flights: Flights<Address, Arc<Fetched>>,
    missed: Cache<Address, FetchError>,
}

/// What an address gave.
#[derive(Debug)]
pub(crate) struct Fetched {
    /// What it says.
    pub(crate) document: Document,
    /// Where it was, after redirects.
    pub(crate) found_at: Address,
}

impl Fetcher {
    pub(crate) fn new(
        outbound: Outbound,
        keys: Keys,
        hosts: Hosts,
        scheme: &'static str,
        max_bytes: usize,
    ) -> Self {
        let missed = Cache::builder().max_capacity(MISSED).time_to_live(MISSED_FOR).build();
        Self(Arc::new(Inner {
            outbound,
            keys,
            hosts,
            scheme,
            max_bytes,
            flights: Flights::default(),
            missed,
        }))
    }

    /// The object at an address, which says that this is its name: or the name that it says of itself, on the same server, gives the same
    /// object.
    pub(crate) async fn object(
        &self,
        budget: &Budget,
        address: &Address,
    ) -> Result<Arc<Fetched>, FetchError> {
        let fetched = self.document(budget, &address.without_fragment()).await?;
        let Some(id) = fetched.document.node().id() else {
            return Err(FetchError::Malformed("it has no id".into()));
        };
        if id.without_fragment() == fetched.found_at.without_fragment() {
            return Ok(fetched);
        }
        if !id.same_host(&fetched.found_at) {
            return Err(FetchError::Malformed("its id is that of another server".into()));
        }
        let named = self.document(budget, &id.without_fragment()).await?;
        let same = named.document.node().id().is_some_and(|again| again == id)
            && named.found_at == id.without_fragment();
        if same { Ok(named) } else { Err(FetchError::Malformed("its id leads to something else".into())) }
    }

    /// Whatever is at an address. Everybody who asks for it at the same time is answered with one request.
    pub(crate) async fn document(
        &self,
        budget: &Budget,
        address: &Address,
    ) -> Result<Arc<Fetched>, FetchError> {
        self.permitted(address).await?;
        if let Some(error) = self.0.missed.get(address) {
            return Err(error);
        }
        budget.spend()?;
        let (fetcher, wanted, more) = (self.clone(), address.clone(), Budget::of(MORE));
        let spent = more.clone();
        let fetch = async move {
            let fetched = match fetcher.get(&more, &wanted).await {
                Err(FetchError::Budget) => Err(FetchError::Malformed("it takes too many requests".into())),
                fetched => fetched.map(Arc::new),
            };
            // A host that cannot be reached is left alone by whoever makes connections.
            if let Some(error) = fetched.as_ref().err().filter(|error| error.is_lasting()) {
                fetcher.0.missed.insert(wanted, error.clone());
            }
            fetched
        };
        let fetched = self.0.flights.join(address, Box::pin(fetch)).await;
        // Nobody else's request ends because this one may not cause more.
        budget.charge(MORE - spent.left());
        fetched
    }

    /// Whether this server speaks with the host of an address.
    async fn permitted(&self, address: &Address) -> Result<(), FetchError> {
        match self.0.hosts.is_shut_out(address.authority()).await {
            Ok(false) => Ok(()),
            Ok(true) => Err(FetchError::Refused("this server does not speak with its host".into())),
            Err(_) => Err(FetchError::Unreachable("the rules about hosts cannot be read".into())),
        }
    }

    /// Forgets that an address gave nothing: somebody from there has just been heard.
    pub(crate) fn try_again(&self, address: &Address) {
        self.0.missed.invalidate(address);
    }
}
