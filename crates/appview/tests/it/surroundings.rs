//! Whom a server of a test finds around itself.

use cache::{Cache, MemoryConfig};
use outbound::NamedHost;
use testkit::Network;

/// Where a server finds others.
pub(crate) struct Surroundings {
    /// The PLC directory.
    pub(crate) plc: String,
    /// The relay whose directory says who has written what. Without it jobs wait for ever.
    pub(crate) relay: Option<String>,
    /// A DNS server, `address:port`, in place of one that knows no name.
    pub(crate) dns: Option<String>,
    /// Who knows `.test` handles.
    pub(crate) handles: Option<String>,
    /// The stream that it follows in place of the test's.
    pub(crate) jetstream: Option<String>,
    /// What it shares with its like.
    pub(crate) cache: Cache,
    /// Its name among those that share its databases.
    pub(crate) instance: String,
    /// Hosts that scripts may contact although their addresses are not public.
    pub(crate) script_http_hosts: Vec<NamedHost>,
}

impl Surroundings {
    pub(crate) fn nobody() -> Self {
        let cache = Cache::memory(MemoryConfig::default());
        Self {
            plc: "http://127.0.0.1:1".to_owned(),
            relay: None,
            dns: None,
            handles: None,
            jetstream: None,
            cache,
            instance: "test".to_owned(),
            script_http_hosts: Vec::new(),
        }
    }

    pub(crate) fn of(network: &Network) -> Self {
        let endpoints = &network.endpoints;
        Self {
            plc: endpoints.plc.clone(),
            dns: endpoints.dns.clone(),
            handles: endpoints.pds.first().cloned(),
            jetstream: Some(endpoints.jetstream.clone()),
            ..Self::nobody()
        }
    }
}
