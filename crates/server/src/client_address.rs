//! From which address a request comes, also behind reverse proxies.
//!
//! The peer of the connection is known for certain; whatever a header says of an address is a claim. A claim counts if it
//! was made by a proxy that is [trusted](crate::TrustedProxies): each proxy appends the address it was called from to
//! `X-Forwarded-For`, so the header is read from its end, and the first address that is no trusted proxy is the client.
//! What stands before that one was written by the client and is not read.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, HeaderName};

use crate::TrustedProxies;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address of a client. In the extensions of every request that came through a listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// The other end of a connection.
    pub(crate) fn of_peer(peer: SocketAddr) -> Self {
        Self(peer.ip().to_canonical())
    }

    /// Who called, if this peer is a proxy; the peer itself if it is not to be trusted or makes no sense.
    pub(crate) fn behind(self, headers: &HeaderMap, trusted: &TrustedProxies) -> Self {
        let mut client = self.0;
        let mut claims = headers
            .get_all(X_FORWARDED_FOR)
            .iter()
            .rev()
            .flat_map(|value| value.as_bytes().rsplit(|byte| *byte == b','));
        while trusted.contains(client) || faults::mutant!("server-forwarded-believed") {
            let Some(claim) = claims.next().and_then(address) else { break };
            client = claim;
        }
        Self(client)
    }
}

/// An address as proxies write it: some add the port, for IPv6 in the form with brackets.
fn address(text: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let plain = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let with_port = || text.parse().map(|address: SocketAddr| address.ip());
    plain.parse().or_else(|_| with_port()).ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn client(peer: &str, forwarded: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(X_FORWARDED_FOR, HeaderValue::from_static(value));
        }
        let peer = ClientAddress::of_peer(SocketAddr::new(peer.parse().unwrap(), 4711));
        peer.behind(&headers, &TrustedProxies::default()).0.to_string()
    }

    #[test]
    fn a_public_peer_is_the_client_whatever_it_claims() {
        assert_eq!(client("203.0.113.7", &[]), "203.0.113.7");
        assert_eq!(client("203.0.113.7", &["198.51.100.1"]), "203.0.113.7");
        assert_eq!(client("2001:db8::1", &["127.0.0.1"]), "2001:db8::1");
    }

    #[test]
    fn the_last_address_that_is_no_proxy_is_the_client() {
        assert_eq!(client("127.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("::1", &["1.1.1.1, 198.51.100.1 ,10.0.0.3"]), "198.51.100.1");
        assert_eq!(client("fd00::1", &["1.1.1.1", "2001:db8::5", "192.168.1.1"]), "2001:db8::5");
    }

    #[test]
    fn a_network_of_its_own_has_clients_of_its_own() {
        assert_eq!(client("127.0.0.1", &[]), "127.0.0.1");
        assert_eq!(client("127.0.0.1", &["192.168.1.20"]), "192.168.1.20");
    }

    #[test]
    fn nonsense_ends_the_search() {
        for nonsense in ["unknown", "", "1.2.3", "198.51.100.1, x", "\"[::1]\""] {
            assert_eq!(client("10.0.0.1", &[nonsense]), "10.0.0.1", "{nonsense}");
        }
        assert_eq!(client("10.0.0.1", &["unknown, 10.0.0.2"]), "10.0.0.2");
    }

    #[test]
    fn addresses_have_one_form() {
        assert_eq!(client("::ffff:203.0.113.7", &[]), "203.0.113.7");
        assert_eq!(client("::ffff:127.0.0.1", &["::ffff:198.51.100.1"]), "198.51.100.1");
        for with_port in ["[2001:DB8::5]:443", "[2001:db8::5]", "2001:db8:0::5"] {
            assert_eq!(client("127.0.0.1", &[with_port]), "2001:db8::5", "{with_port}");
        }
        assert_eq!(client("127.0.0.1", &["198.51.100.1:80"]), "198.51.100.1");
    }
}
