//! Resolves a name and lets through only the addresses the policy permits.
//!
//! The HTTP client and the WebSocket connector both ask the guard for addresses and connect to exactly what it
//! returns, so there is no second look-up in which a name could change its mind (DNS rebinding).

use std::error::Error as StdError;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use hickory_resolver::net::NetError;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::dns::Dns;
use crate::policy::{Policy, Refusal, Transport};

/// A name without an address that may be contacted.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum GuardError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("no address")]
    NoAddress,
    #[error("look-up failed")]
    Dns(#[from] NetError),
}

/// One policy for one kind of transport.
#[derive(Clone)]
pub(crate) struct Guard {
    pub(crate) policy: Arc<Policy>,
    pub(crate) dns: Dns,
    pub(crate) transport: Transport,
}

impl Guard {
    /// The addresses of `name` that may be contacted, never empty.
    ///
    /// Refused addresses are left out rather than condemning the name: only what is returned is ever contacted.
    pub(crate) async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, GuardError> {
        let mut permitted = Vec::new();
        let mut refusal = None;
        for address in self.dns.addresses(name).await? {
            match self.policy.check(address, self.transport) {
                Ok(()) => permitted.push(address),
                Err(_) if faults::mutant!("outbound-refused-among-permitted") => permitted.push(address),
                Err(reason) => refusal = Some(reason),
            }
        }
        match (permitted.is_empty(), refusal) {
            (false, _) => Ok(permitted),
            (true, Some(reason)) => Err(reason.into()),
            (true, None) => Err(GuardError::NoAddress),
        }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let addresses = guard.addresses(name.as_str()).await?;
            // Port 0 is replaced by the URL's port.
            Ok(Box::new(addresses.into_iter().map(|address| SocketAddr::new(address, 0))) as Addrs)
        })
    }
}

impl GuardError {
    /// The guard's verdict inside an error of the HTTP client, if that is what stopped the request.
    pub(crate) fn find<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a Self> {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(found) = error.downcast_ref() {
                return Some(found);
            }
            next = error.source();
        }
        None
    }
}
