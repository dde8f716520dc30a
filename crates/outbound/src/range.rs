//! Which IP addresses are not ordinary public ones, and why.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

/// Why an address is not an ordinary public one.
///
/// The sources are the IANA special-purpose registries (RFC 6890 and its updates), the multicast and future-use
/// blocks, and one cloud provider's magic address that lies in public space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Range {
    /// `0.0.0.0/8` and `::`, which reach the machine itself on common systems.
    Unspecified,
    /// `127.0.0.0/8` and `::1`.
    Loopback,
    /// RFC 1918, unique local (RFC 4193) and the retired site-local addresses.
    Private,
    /// `169.254.0.0/16` (where clouds keep instance metadata) and `fe80::/10`.
    LinkLocal,
    /// `100.64.0.0/10`, carrier-grade NAT (RFC 6598).
    SharedNat,
    /// Multicast and limited broadcast.
    Multicast,
    /// Reserved for examples in documents (RFC 5737, RFC 3849, RFC 9637).
    Documentation,
    /// `198.18.0.0/15`, benchmarking (RFC 2544).
    Benchmarking,
    /// IPv6 that stands for an IPv4 address: mapped, compatible, 6to4, Teredo, local NAT64, or NAT64 of a special
    /// address.
    EmbeddedIpv4,
    /// A virtual public address by which a cloud's machines talk to their platform.
    Platform,
    /// Assigned to protocols, to future use, or to nobody.
    Reserved,
}

impl Range {
    /// The range `address` lies in, or `None` for an ordinary public address.
    #[must_use]
    pub fn of(address: IpAddr) -> Option<Self> {
        match address {
            IpAddr::V4(address) => Self::of_v4(address),
            IpAddr::V6(address) => Self::of_v6(address),
        }
    }

    fn of_v4(address: Ipv4Addr) -> Option<Self> {
        let range = V4.iter().find(|(net, _)| net.contains(&address)).map(|(_, range)| *range);
        range.filter(|range| !(*range == Self::LinkLocal && faults::mutant!("outbound-metadata-address")))
    }

    fn of_v6(address: Ipv6Addr) -> Option<Self> {
        // RFC 6052: on networks without IPv4, DNS64 rewrites every IPv4-only host into this prefix, so it cannot
        // be refused as a whole. The translator will contact the address inside; that one must be public.
        if NAT64.contains(&address) {
            if faults::mutant!("outbound-nat64-inside") {
                return None;
            }
            let [.., a, b, c, d] = address.octets();
            return Self::of_v4(Ipv4Addr::new(a, b, c, d)).map(|_| Self::EmbeddedIpv4);
        }
        if let Some((_, range)) = V6.iter().find(|(net, _)| net.contains(&address)) {
            return Some(*range);
        }
        // Only this block has ever been handed out for public hosts (RFC 4291 §2.4 and the IANA registry).
        if GLOBAL_UNICAST.contains(&address) { None } else { Some(Self::Reserved) }
    }

    /// The name used as a metric label.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::Loopback => "loopback",
            Self::Private => "private",
            Self::LinkLocal => "link_local",
            Self::SharedNat => "shared_nat",
            Self::Multicast => "multicast",
            Self::Documentation => "documentation",
            Self::Benchmarking => "benchmarking",
            Self::EmbeddedIpv4 => "embedded_ipv4",
            Self::Platform => "platform",
            Self::Reserved => "reserved",
        }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

const V4: &[(Ipv4Net, Range)] = &[
    (v4(0, 0, 0, 0, 8), Range::Unspecified),
    (v4(10, 0, 0, 0, 8), Range::Private),
    (v4(100, 64, 0, 0, 10), Range::SharedNat),
    (v4(127, 0, 0, 0, 8), Range::Loopback),
    (v4(168, 63, 129, 16, 32), Range::Platform),
    (v4(169, 254, 0, 0, 16), Range::LinkLocal),
    (v4(172, 16, 0, 0, 12), Range::Private),
    (v4(192, 0, 0, 0, 24), Range::Reserved),
    (v4(192, 0, 2, 0, 24), Range::Documentation),
    (v4(192, 88, 99, 0, 24), Range::Reserved),
    (v4(192, 168, 0, 0, 16), Range::Private),
    (v4(198, 18, 0, 0, 15), Range::Benchmarking),
    (v4(198, 51, 100, 0, 24), Range::Documentation),
    (v4(203, 0, 113, 0, 24), Range::Documentation),
    (v4(224, 0, 0, 0, 4), Range::Multicast),
    (v4(255, 255, 255, 255, 32), Range::Multicast),
    (v4(240, 0, 0, 0, 4), Range::Reserved),
];

const NAT64: Ipv6Net = v6([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96);
const GLOBAL_UNICAST: Ipv6Net = v6([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

// The first match names the range: narrower blocks come before the wider ones around them.
const V6: &[(Ipv6Net, Range)] = &[
    (v6([0, 0, 0, 0, 0, 0, 0, 0], 128), Range::Unspecified),
    (v6([0, 0, 0, 0, 0, 0, 0, 1], 128), Range::Loopback),
    (v6([0, 0, 0, 0, 0, 0xffff, 0, 0], 96), Range::EmbeddedIpv4),
    (v6([0, 0, 0, 0, 0, 0, 0, 0], 96), Range::EmbeddedIpv4),
    (v6([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48), Range::EmbeddedIpv4),
    (v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 32), Range::EmbeddedIpv4),
    (v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23), Range::Reserved),
    (v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32), Range::Documentation),
    (v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16), Range::EmbeddedIpv4),
    (v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20), Range::Documentation),
    (v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7), Range::Private),
    (v6([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10), Range::LinkLocal),
    (v6([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10), Range::Private),
    (v6([0xff00, 0, 0, 0, 0, 0, 0, 0], 8), Range::Multicast),
];

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(segments: [u16; 8], prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::from_segments(segments), prefix)
}
