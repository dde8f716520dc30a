//! Who caused a question.

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::{IpAddr, Ipv6Addr};

/// Names longer than this are told apart by a hash; keys of the cache have a bound.
const MAX_NAME_BYTES: usize = 256;

/// Who caused a question, and so whose purse it is paid from. Borrowed, because it matters only when something is missing.
///
/// Displayed as the name of the purse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker<'a> {
    /// Whoever has proven to be this account or server.
    Account(&'a str),
    /// Somebody at this address.
    Address(IpAddr),
    /// Callers who came through no socket.
    Local,
}

impl fmt::Display for Asker<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            // A server may sign with several keys of one DID.
            Self::Account(name) => write_name(name.split_once('#').map_or(name, |(did, _)| did), f),
            Self::Address(IpAddr::V4(address)) => address.fmt(f),
            // A host chooses freely among the addresses of its network (RFC 4291 §2.5.4).
            Self::Address(IpAddr::V6(address)) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).fmt(f),
            Self::Local => f.write_str("local"),
        }
    }
}

fn write_name(name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if name.len() <= MAX_NAME_BYTES {
        return f.write_str(name);
    }
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    write!(f, "{}~{:016x}", &name[..name.floor_char_boundary(MAX_NAME_BYTES)], hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> String {
        Asker::Address(text.parse().unwrap()).to_string()
    }

    #[test]
    fn nobody_has_a_purse_for_each_of_many_names() {
        assert_eq!(address("203.0.113.7"), "203.0.113.7");
        assert_eq!(address("2001:db8:1:2:3:4:5:6"), address("2001:db8:1:2::9"));
        assert_ne!(address("2001:db8:1:2::9"), address("2001:db8:1:3::9"));
        assert_eq!(Asker::Account("did:web:a.example#one").to_string(), "did:web:a.example");
    }

    #[test]
    fn long_names_are_short_and_stay_apart() {
        let long = |end: &str| Asker::Account(&format!("did:web:{}{end}", "a".repeat(2000))).to_string();
        assert!(long("b").len() < 300);
        assert_ne!(long("b"), long("c"));
    }
}
