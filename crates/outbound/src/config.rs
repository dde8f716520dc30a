//! Settings of outgoing connections.

use std::net::SocketAddr;
use std::time::Duration;

use rustls::pki_types::CertificateDer;

use crate::Policy;

/// Settings of outgoing connections; [`Default`] is fit for production.
#[derive(Clone, Debug)]
pub struct OutboundConfig {
    /// What may be contacted.
    pub policy: Policy,
    /// The DNS server to ask (UDP, then TCP), instead of the system's. With it, `/etc/hosts` is not read.
    pub dns: Option<SocketAddr>,
    /// The `User-Agent` of every request: a product token, and where its operator can be reached.
    pub user_agent: String,
    /// For DNS, TCP and TLS together, and for a DNS look-up alone.
    pub connect_timeout: Duration,
    /// For a whole exchange unless the request says otherwise: waiting for a place, redirects, reading the body.
    pub timeout: Duration,
    /// Largest body in bytes, after decompression, unless the request says otherwise.
    pub max_bytes: usize,
    /// Exchanges under way with one `host:port` at a time; further ones wait.
    pub per_host: usize,
    /// Number of hosts whose limits and pauses are remembered.
    pub max_hosts: usize,
    /// How hosts that fail are left alone.
    pub back_off: BackOff,
    /// Certificates (DER) of authorities trusted besides the system's.
    pub trusted_certificates: Vec<CertificateDer<'static>>,
}

/// How long a host is left alone after a failed connection, a 429 or a 503.
#[derive(Clone, Copy, Debug)]
pub struct BackOff {
    /// The pause after the first failure; it doubles with each further one.
    pub first: Duration,
    /// The longest pause, also of one the host asks for.
    pub longest: Duration,
}

impl Default for OutboundConfig {
    fn default() -> Self {
        Self {
            policy: Policy::public_only(),
            dns: None,
            user_agent: concat!("belvedere/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(15),
            max_bytes: 4 << 20,
            per_host: 16,
            max_hosts: 10_000,
            back_off: BackOff::default(),
            trusted_certificates: Vec::new(),
        }
    }
}

impl Default for BackOff {
    fn default() -> Self {
        Self { first: Duration::from_millis(250), longest: Duration::from_mins(2) }
    }
}
