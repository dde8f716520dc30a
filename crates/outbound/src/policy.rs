//! What may be contacted at all.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use crate::{NamedHost, Range};

/// What may be contacted: every public address over TLS, and nothing else unless it is exempted here.
///
/// An exempted address may also be contacted without TLS (`http:`, `ws:`). Exemptions name the address itself; an
/// IPv6 form that embeds an exempted IPv4 address stays refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Exempt `127.0.0.0/8` and `::1`. For development and tests: with it, anyone who can name a URL can reach
    /// every server on this machine.
    pub allow_loopback: bool,
    /// Exempt these networks, for a PDS or directory inside the operator's own network.
    pub allow_networks: Vec<IpNet>,
    /// Exempt requests to these hosts, whatever their names resolve to. Only a request that begins there: a redirect that
    /// leads there from elsewhere is held to the rest of the policy.
    pub allow_hosts: Vec<NamedHost>,
}

/// Whether a connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transport {
    Tls,
    Plain,
}

/// Why a request was not attempted.
///
/// The text is safe to show to whoever caused the request; what a name resolved to is only in `Debug` and the
/// metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The scheme is none of `https`, `http`, `wss`, `ws`, or not one that fits the call.
    #[error("its scheme is not supported, use https: or wss:")]
    Scheme,
    /// The URL carries a user name or password.
    #[error("a user name or password in the URL is not supported")]
    Credentials,
    /// Unencrypted, and the host is not exempted.
    #[error("unencrypted connections are not allowed, use https: or wss:")]
    Plain,
    /// The host is, or resolves only to, an address in a special range.
    #[error("its address is not a public one")]
    Address(Range),
    /// A redirect leads to another host and the caller asked to stay.
    #[error("it redirects to another host")]
    OtherHost,
    /// The URL, or that of a redirect, is not one HTTP can carry.
    #[error("its URL is not valid")]
    Url,
}

impl Policy {
    /// Public addresses only: what user-supplied URLs should be held to.
    #[must_use]
    pub fn public_only() -> Self {
        Self::default()
    }

    /// Public addresses and this machine.
    #[must_use]
    pub fn development() -> Self {
        Self { allow_loopback: true, ..Self::default() }
    }

    /// Everything: what a request to one of [`allow_hosts`](Self::allow_hosts) is held to.
    pub(crate) fn anything() -> Self {
        let all = [IpNet::from(Ipv4Net::default()), IpNet::from(Ipv6Net::default())];
        Self { allow_networks: all.into(), ..Self::default() }
    }

    /// Whether some address could be contacted without TLS.
    pub(crate) fn has_exemptions(&self) -> bool {
        self.allow_loopback || !self.allow_networks.is_empty()
    }

    pub(crate) fn check(&self, address: IpAddr, transport: Transport) -> Result<(), Refusal> {
        if self.exempts(address) {
            return Ok(());
        }
        match (Range::of(address), transport) {
            (Some(range), _) => Err(Refusal::Address(range)),
            (None, Transport::Plain) => Err(Refusal::Plain),
            (None, Transport::Tls) => Ok(()),
        }
    }

    fn exempts(&self, address: IpAddr) -> bool {
        // `IpAddr::is_loopback` is false for `::ffff:127.0.0.1`, as it should be here.
        (self.allow_loopback && address.is_loopback())
            || self.allow_networks.iter().any(|net| net.contains(&address))
    }
}

impl Refusal {
    /// The name used as a metric label.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scheme => "scheme",
            Self::Credentials => "credentials",
            Self::Plain => "plain",
            Self::Address(range) => range.as_str(),
            Self::OtherHost => "other_host",
            Self::Url => "url",
        }
    }
}
