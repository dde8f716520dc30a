//! The host and port a URL leads to, once the URL itself has passed.

use std::net::IpAddr;

use rustls::pki_types::DnsName;
use url::{Host, Url};

use crate::policy::{Policy, Refusal, Transport};

/// Where a URL leads. Only [`Target::of`] makes one, so holding it means the URL was checked.
///
/// A name is still to be resolved and its addresses checked; an address literal has passed already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) transport: Transport,
    pub(crate) place: Place,
    pub(crate) port: u16,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Name(DnsName<'static>),
    Address(IpAddr),
}

/// What is going to be spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    Http,
    WebSocket,
}

impl Target {
    /// Checks everything about `url` that can be checked without asking DNS.
    ///
    /// The URL parser has already turned every spelling of an IPv4 address (decimal, hexadecimal, octal, short,
    /// percent-encoded, full-width) into the address, so no spelling gets past as a name.
    pub(crate) fn of(url: &Url, protocol: Protocol, policy: &Policy) -> Result<Self, Refusal> {
        let transport = match (protocol, url.scheme()) {
            (Protocol::Http, "https") | (Protocol::WebSocket, "wss") => Transport::Tls,
            (Protocol::Http, "http") | (Protocol::WebSocket, "ws") => Transport::Plain,
            _ => return Err(Refusal::Scheme),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Credentials);
        }
        let place = match url.host().ok_or(Refusal::Scheme)? {
            Host::Domain(_) if transport == Transport::Plain && !policy.has_exemptions() => {
                return Err(Refusal::Plain);
            }
            Host::Domain(name) => Place::Name(DnsName::try_from(name.to_owned()).map_err(|_| Refusal::Url)?),
            Host::Ipv4(address) => Place::Address(address.into()),
            Host::Ipv6(address) => Place::Address(address.into()),
        };
        if let Place::Address(address) = place {
            policy.check(address, transport)?;
        }
        let port = url.port_or_known_default().ok_or(Refusal::Scheme)?;
        Ok(Self { transport, place, port })
    }

    /// The key under which limits and back-off of this server are kept: `host:port`.
    pub(crate) fn key(&self) -> String {
        match &self.place {
            Place::Name(name) => format!("{}:{}", name.as_ref().trim_end_matches('.'), self.port),
            Place::Address(address) => format!("{address}:{}", self.port),
        }
    }
}
