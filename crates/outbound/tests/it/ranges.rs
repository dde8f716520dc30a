//! Which addresses count as public.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use outbound::Range;
use proptest::prelude::*;

/// The first and last address of every IPv4 range that is refused, in order.
const SPECIAL_V4: &[(&str, &str)] = &[
    ("0.0.0.0", "0.255.255.255"),
    ("10.0.0.0", "10.255.255.255"),
    ("100.64.0.0", "100.127.255.255"),
    ("127.0.0.0", "127.255.255.255"),
    ("168.63.129.16", "168.63.129.16"),
    ("169.254.0.0", "169.254.255.255"),
    ("172.16.0.0", "172.31.255.255"),
    ("192.0.0.0", "192.0.0.255"),
    ("192.0.2.0", "192.0.2.255"),
    ("192.88.99.0", "192.88.99.255"),
    ("192.168.0.0", "192.168.255.255"),
    ("198.18.0.0", "198.19.255.255"),
    ("198.51.100.0", "198.51.100.255"),
    ("203.0.113.0", "203.0.113.255"),
    ("224.0.0.0", "255.255.255.255"),
];

/// The first segments of blocks the regional registries hand out.
const ALLOCATED_V6: &[u128] = &[0x2400, 0x2600, 0x2800, 0x2a00, 0x2c00];

fn bounds() -> impl Iterator<Item = (u32, u32)> {
    let bits = |text: &str| text.parse::<Ipv4Addr>().unwrap().to_bits();
    SPECIAL_V4.iter().map(move |(first, last)| (bits(first), bits(last)))
}

fn is_special(address: u32) -> bool {
    bounds().any(|(first, last)| (first..=last).contains(&address))
}

fn of_v4(bits: u32) -> Option<Range> {
    Range::of(Ipv4Addr::from_bits(bits).into())
}

fn of(text: &str) -> Option<Range> {
    Range::of(text.parse().unwrap())
}

#[test]
fn the_edges_of_every_ipv4_range() {
    for (first, last) in bounds() {
        assert!(of_v4(first).is_some(), "{first:#x}");
        assert!(of_v4(last).is_some(), "{last:#x}");
        for neighbour in [first.wrapping_sub(1), last.wrapping_add(1)] {
            assert_eq!(of_v4(neighbour).is_some(), is_special(neighbour), "{neighbour:#x}");
        }
    }
}

#[test]
fn names_of_the_ranges() {
    let cases = [
        ("0.0.0.0", Range::Unspecified),
        ("127.0.0.1", Range::Loopback),
        ("127.255.1.2", Range::Loopback),
        ("10.1.2.3", Range::Private),
        ("172.16.0.1", Range::Private),
        ("192.168.1.1", Range::Private),
        ("100.100.100.200", Range::SharedNat),
        ("169.254.169.254", Range::LinkLocal),
        ("168.63.129.16", Range::Platform),
        ("224.0.0.251", Range::Multicast),
        ("255.255.255.255", Range::Multicast),
        ("240.0.0.1", Range::Reserved),
        ("192.0.2.1", Range::Documentation),
        ("198.18.0.1", Range::Benchmarking),
        ("::", Range::Unspecified),
        ("::1", Range::Loopback),
        ("::7f00:1", Range::EmbeddedIpv4),
        ("::ffff:127.0.0.1", Range::EmbeddedIpv4),
        ("::ffff:8.8.8.8", Range::EmbeddedIpv4),
        ("64:ff9b::127.0.0.1", Range::EmbeddedIpv4),
        ("64:ff9b::169.254.169.254", Range::EmbeddedIpv4),
        ("64:ff9b:1::8.8.8.8", Range::EmbeddedIpv4),
        ("2001::1", Range::EmbeddedIpv4),
        ("2002:7f00:1::", Range::EmbeddedIpv4),
        ("2002:808:808::", Range::EmbeddedIpv4),
        ("2001:db8::1", Range::Documentation),
        ("2001:20::1", Range::Reserved),
        ("3fff::1", Range::Documentation),
        ("fc00::1", Range::Private),
        ("fd00:ec2::254", Range::Private),
        ("fe80::1", Range::LinkLocal),
        ("fec0::1", Range::Private),
        ("ff02::1", Range::Multicast),
        ("100::1", Range::Reserved),
        ("5f00::1", Range::Reserved),
        ("4000::1", Range::Reserved),
        ("::ffff:0:8.8.8.8", Range::Reserved),
    ];
    for (address, range) in cases {
        assert_eq!(of(address), Some(range), "{address}");
    }
}

#[test]
fn public_addresses() {
    for address in [
        "1.1.1.1",
        "8.8.8.8",
        "93.184.216.34",
        "168.63.129.17",
        "172.15.255.255",
        "172.32.0.0",
        "2606:4700:4700::1111",
        "2001:4860:4860::8888",
        "2a00:1450:4001:81b::200e",
        "64:ff9b::8.8.8.8",
    ] {
        assert_eq!(of(address), None, "{address}");
    }
}

proptest! {
    #[test]
    fn ipv4_is_refused_exactly_in_the_listed_ranges(bits: u32) {
        prop_assert_eq!(of_v4(bits).is_some(), is_special(bits));
    }

    #[test]
    fn whatever_the_standard_library_calls_special_is_refused(bits: u32) {
        let v4 = Ipv4Addr::from_bits(bits);
        let special = v4.is_unspecified() || v4.is_loopback() || v4.is_private() || v4.is_link_local()
            || v4.is_multicast() || v4.is_broadcast() || v4.is_documentation();
        prop_assert!(!special || Range::of(v4.into()).is_some());
    }

    #[test]
    fn embedding_does_not_launder_an_ipv4_address(
        range in prop::sample::select(SPECIAL_V4),
        offset: u32,
        tail: [u16; 4],
    ) {
        let first = range.0.parse::<Ipv4Addr>().unwrap().to_bits();
        let last = range.1.parse::<Ipv4Addr>().unwrap().to_bits();
        let inside = u64::from(first) + u64::from(offset) % (u64::from(last - first) + 1);
        let inside = u32::try_from(inside).unwrap();
        prop_assert!(of_v4(inside).is_some());
        let (high, low) = ((inside >> 16) as u16, (inside & 0xffff) as u16);
        let [a, b, c, d] = tail;
        for form in [
            [0, 0, 0, 0, 0, 0xffff, high, low],
            [0, 0, 0, 0, 0xffff, 0, high, low],
            [0, 0, 0, 0, 0, 0, high, low],
            [0x64, 0xff9b, 0, 0, 0, 0, high, low],
            [0x64, 0xff9b, 1, a, b, c, high, low],
            [0x2002, high, low, a, b, c, d, 0],
            [0x2001, 0, high, low, a, b, c, d],
        ] {
            let v6 = Ipv6Addr::from_segments(form);
            prop_assert!(Range::of(v6.into()).is_some(), "{}", v6);
        }
    }

    #[test]
    fn ipv6_outside_global_unicast_is_refused(bits: u128) {
        let v6 = Ipv6Addr::from_bits(bits);
        let global = bits >> 125 == 0b001;
        let nat64 = bits >> 32 == 0x0064_ff9b_u128 << 64;
        prop_assert!(global || nat64 || Range::of(IpAddr::V6(v6)).is_some());
    }

    #[test]
    fn allocated_ipv6_is_public(bits: u128, prefix in prop::sample::select(ALLOCATED_V6)) {
        let v6 = Ipv6Addr::from_bits((bits >> 16) | (prefix << 112));
        prop_assert_eq!(Range::of(v6.into()), None);
    }
}
