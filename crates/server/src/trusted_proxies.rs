//! Whose word counts about where a request came from.

use std::{net::IpAddr, str::FromStr};

use ipnet::IpNet;

/// Networks whose machines are believed when they say on whose behalf they call.
///
/// The default is every loopback and private address (RFC 1918, RFC 4193): a reverse proxy on the same machine, in the
/// same container network or in the same private cloud needs no configuration. Where strangers share the private network,
/// or where the proxy has a public address, the operator names the networks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Option<Vec<IpNet>>);

/// A text that is no list of networks.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is neither an address nor a network; write for example `10.0.0.0/8, 2001:db8::1`, or `none`")]
pub struct NotANetwork(String);

impl TrustedProxies {
    /// Whether the machine with this address is believed.
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        match (&self.0, address) {
            (Some(networks), address) => networks.iter().any(|network| network.contains(&address)),
            (None, IpAddr::V4(address)) => address.is_loopback() || address.is_private(),
            (None, IpAddr::V6(address)) => address.is_loopback() || address.is_unique_local(),
        }
    }
}

impl FromStr for TrustedProxies {
    type Err = NotANetwork;

    /// Addresses and networks with commas between them, in place of the default; `none` trusts nobody.
    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        if text.trim() == "none" {
            return Ok(Self(Some(Vec::new())));
        }
        let network = |item: &str| {
            let address = || item.parse().map(|address: IpAddr| address.to_canonical().into());
            item.parse().or_else(|_| address()).map_err(|_| NotANetwork(item.to_owned()))
        };
        let networks: Result<_, _> = text.split(',').map(|item| network(item.trim())).collect();
        Ok(Self(Some(networks?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trusts(proxies: &TrustedProxies, address: &str) -> bool {
        proxies.contains(address.parse().unwrap())
    }

    #[test]
    fn by_default_what_is_near() {
        let proxies = TrustedProxies::default();
        for near in ["127.0.0.1", "127.9.9.9", "10.1.2.3", "172.31.0.1", "192.168.0.1", "::1", "fd12::1"] {
            assert!(trusts(&proxies, near), "{near}");
        }
        for far in ["0.0.0.0", "172.32.0.1", "169.254.1.1", "100.64.0.1", "8.8.8.8", "fe80::1", "2001:db8::1"]
        {
            assert!(!trusts(&proxies, far), "{far}");
        }
    }

    #[test]
    fn a_list_replaces_the_default() {
        let proxies: TrustedProxies = "203.0.113.0/24, 2001:db8::1".parse().unwrap();
        assert!(trusts(&proxies, "203.0.113.9") && trusts(&proxies, "2001:db8::1"));
        assert!(!trusts(&proxies, "127.0.0.1") && !trusts(&proxies, "2001:db8::2"));
        assert!(!trusts(&"none".parse().unwrap(), "127.0.0.1"));
        for wrong in ["", "10.0.0.0/33", "localhost", "10.0.0.1,,10.0.0.2"] {
            assert!(wrong.parse::<TrustedProxies>().is_err(), "{wrong}");
        }
    }
}
