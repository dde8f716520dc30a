//! Which buckets a call draws from.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::{IpAddr, Ipv6Addr};

use server::ClientAddress;

use crate::clients::{ClientIdentity, RateLimit};

/// A DID as part of a key; DIDs may be longer than keys.
const MAX_DID_BYTES: usize = 256;

/// Tokens and whose they are.
#[derive(Debug, PartialEq)]
pub(super) struct Bucket {
    /// The kind of party, for the metric.
    pub(super) of: &'static str,
    /// Contains the measures of the bucket: one whose measures are changed is a new one, full and with no past.
    pub(super) key: String,
    pub(super) limit: RateLimit,
}

/// What one call draws from.
#[derive(Debug, PartialEq)]
pub(super) struct Draw {
    /// The share, within an app, of the account that calls or, without one, of the address: anybody can name an app. An app
    /// that shows its secret has all of its bucket to itself.
    ///
    /// A share holds as much as the app's bucket, so that one account alone meets the limit that the app has been given, and
    /// is refilled at half the rate, so that an account which never stops leaves the other half to everybody else.
    pub(super) share: Option<Bucket>,
    /// The app's, the server's, the dashboard user's or the address'.
    pub(super) party: Bucket,
}

impl Draw {
    /// `did` is the caller's, if there is one.
    pub(super) fn of(
        identity: &ClientIdentity,
        did: Option<&str>,
        address: Option<ClientAddress>,
        default: RateLimit,
    ) -> Self {
        let alone = |party| Self { share: None, party };
        match identity {
            ClientIdentity::Client { client, limit, proven } => {
                let name = &client.client_key;
                let half = RateLimit { refill_rate: limit.refill_rate / 2.0, ..*limit };
                let share = match did {
                    Some(did) => Some(Bucket::new("account", &format!("{name}:{}", short(did)), half)),
                    None if *proven => None,
                    None => Some(Bucket::new("address", &format!("{name}:{}", network(address)), half)),
                };
                Self { share, party: Bucket::new("client", name, *limit) }
            }
            ClientIdentity::Service(issuer) => {
                // One service may sign with several keys of one DID.
                let did = issuer.split_once('#').map_or(&**issuer, |(did, _)| did);
                alone(Bucket::new("service", &short(did), default))
            }
            ClientIdentity::Dashboard(did) => alone(Bucket::new("dashboard", &short(did), default)),
            ClientIdentity::Anonymous => alone(Bucket::new("anonymous", &network(address), default)),
        }
    }
}

impl Bucket {
    fn new(of: &'static str, name: &str, limit: RateLimit) -> Self {
        let key = format!("limit:{of}:{}/{}:{name}", limit.capacity, limit.refill_rate);
        Self { of, key, limit }
    }
}

/// An IPv4 address, or the network that an IPv6 host chooses its addresses from (RFC 4291 §2.5.4). Callers without an
/// address, who came through no socket, share a name.
pub(super) fn network(address: Option<ClientAddress>) -> Cow<'static, str> {
    match address.map(|ClientAddress(address)| address) {
        None => "local".into(),
        Some(IpAddr::V4(address)) => address.to_string().into(),
        Some(IpAddr::V6(address)) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).to_string().into(),
    }
}

fn short(did: &str) -> Cow<'_, str> {
    if did.len() <= MAX_DID_BYTES {
        return did.into();
    }
    let mut hasher = DefaultHasher::new();
    did.hash(&mut hasher);
    let beginning = &did[..did.floor_char_boundary(MAX_DID_BYTES)];
    format!("{beginning}~{:016x}", hasher.finish()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: RateLimit = RateLimit { capacity: 100, refill_rate: 2.0 };

    fn party(identity: &ClientIdentity, address: Option<&str>) -> String {
        let address = address.map(|address| ClientAddress(address.parse().unwrap()));
        let Draw { share, party } = Draw::of(identity, None, address, LIMIT);
        assert_eq!(share, None);
        party.key
    }

    #[test]
    fn anonymous_callers_are_counted_by_address() {
        let anonymous = |address| party(&ClientIdentity::Anonymous, address);
        assert_eq!(anonymous(Some("203.0.113.7")), "limit:anonymous:100/2:203.0.113.7");
        assert_eq!(anonymous(Some("2001:db8:1:2:3:4:5:6")), "limit:anonymous:100/2:2001:db8:1:2::");
        assert_eq!(anonymous(Some("2001:db8:1:2:ffff::")), anonymous(Some("2001:db8:1:2::1")));
        assert_ne!(anonymous(Some("2001:db8:1:3::1")), anonymous(Some("2001:db8:1:2::1")));
        assert_eq!(anonymous(None), "limit:anonymous:100/2:local");
    }

    #[test]
    fn servers_are_counted_by_did_whichever_key_they_sign_with() {
        let service = |issuer: &str| party(&ClientIdentity::Service(issuer.into()), Some("203.0.113.7"));
        assert_eq!(service("did:web:pds.example"), "limit:service:100/2:did:web:pds.example");
        assert_eq!(service("did:web:pds.example#other"), service("did:web:pds.example"));
    }

    #[test]
    fn long_names_fit_a_key_and_stay_apart() {
        let long = |end: &str| format!("did:web:{}{end}", "a".repeat(2000));
        let key = |did: &str| party(&ClientIdentity::Dashboard(did.into()), None);
        assert!(key(&long("b")).len() < cache::MAX_KEY_BYTES);
        assert_ne!(key(&long("b")), key(&long("c")));
    }
}
