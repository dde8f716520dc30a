//! DNS look-ups: addresses and TXT records.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::{Name, RData, RecordType};

/// No server needs more addresses than this to be reached.
const MAX_ADDRESSES: usize = 16;

/// A stub resolver with a cache for addresses.
#[derive(Clone)]
pub(crate) struct Dns {
    resolver: TokioResolver,
}

impl Dns {
    /// Asks `server`, or the name servers the system is configured with.
    pub(crate) fn new(server: Option<SocketAddr>) -> Result<Self, NetError> {
        let mut builder = match server {
            Some(server) => {
                let mut builder =
                    TokioResolver::builder_with_config(only(server), TokioRuntimeProvider::default());
                builder.options_mut().use_hosts_file = ResolveHosts::Never;
                builder
            }
            None => TokioResolver::builder_tokio()?,
        };
        let options = builder.options_mut();
        options.timeout = Duration::from_secs(2);
        options.attempts = 2;
        // Servers move; a day-long TTL must not keep a process on the old address for a day.
        options.positive_max_ttl = Some(Duration::from_mins(5));
        options.negative_max_ttl = Some(Duration::from_mins(1));
        Ok(Self { resolver: builder.build()? })
    }

    /// The addresses of `name`, at most sixteen; none if the name or its addresses do not exist.
    pub(crate) async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, NetError> {
        let Some(name) = absolute(name) else { return Ok(Vec::new()) };
        match self.resolver.lookup_ip(name).await {
            Ok(found) => Ok(found.iter().take(MAX_ADDRESSES).collect()),
            Err(error) if error.is_no_records_found() => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// The TXT records of `name`, the strings of each joined; none if there are none. Records that are not UTF-8
    /// are left out.
    pub(crate) async fn txt(&self, name: &str) -> Result<Vec<String>, NetError> {
        let Some(name) = absolute(name) else { return Ok(Vec::new()) };
        // Who looks up TXT keeps the answer for as long as fits; a second cache below would only make it older.
        self.resolver.clear_lookup_cache(name.clone(), RecordType::TXT);
        match self.resolver.txt_lookup(name).await {
            Ok(found) => Ok(found.answers().iter().filter_map(|record| text(&record.data)).collect()),
            Err(error) if error.is_no_records_found() => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }
}

fn only(server: SocketAddr) -> ResolverConfig {
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
        connection.port = server.port();
        connection
    });
    let server = NameServerConfig::new(server.ip(), true, connections.into());
    ResolverConfig::from_name_servers(vec![server])
}

/// `name` without the search list (`redis` must not become `redis.corp.example`); nothing if DNS cannot hold it.
fn absolute(name: &str) -> Option<Name> {
    let mut name = Name::from_ascii(name).ok()?;
    name.set_fqdn(true);
    Some(name)
}

fn text(data: &RData) -> Option<String> {
    let RData::TXT(txt) = data else { return None };
    String::from_utf8(txt.txt_data.concat()).ok()
}
