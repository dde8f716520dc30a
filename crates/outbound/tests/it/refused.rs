//! URLs that are refused before anything is sent.

use outbound::{Error, Outbound, OutboundConfig, Policy, Range, Refusal};

use crate::network::{client, development, failure, short};
use testkit::DnsServer;

async fn refusal(outbound: &Outbound, url: impl AsRef<str>) -> Refusal {
    match failure(outbound, url.as_ref()).await {
        Error::Refused { reason, .. } => reason,
        error => panic!("{}: {error:?}", url.as_ref()),
    }
}

#[tokio::test]
async fn literals_in_every_special_range() {
    let outbound = client(short());
    for (host, range) in [
        ("0.0.0.0", Range::Unspecified),
        ("10.0.0.1", Range::Private),
        ("100.64.0.1", Range::SharedNat),
        ("127.0.0.1", Range::Loopback),
        ("168.63.129.16", Range::Platform),
        ("169.254.169.254", Range::LinkLocal),
        ("172.16.0.1", Range::Private),
        ("192.0.0.8", Range::Reserved),
        ("192.0.2.1", Range::Documentation),
        ("192.168.0.1", Range::Private),
        ("198.18.0.1", Range::Benchmarking),
        ("198.51.100.1", Range::Documentation),
        ("203.0.113.1", Range::Documentation),
        ("224.0.0.1", Range::Multicast),
        ("240.0.0.1", Range::Reserved),
        ("255.255.255.255", Range::Multicast),
        ("[::]", Range::Unspecified),
        ("[::1]", Range::Loopback),
        ("[::ffff:127.0.0.1]", Range::EmbeddedIpv4),
        ("[::ffff:a00:1]", Range::EmbeddedIpv4),
        ("[::127.0.0.1]", Range::EmbeddedIpv4),
        ("[64:ff9b::7f00:1]", Range::EmbeddedIpv4),
        ("[2002:7f00:1::]", Range::EmbeddedIpv4),
        ("[2001:0:7f00:1::]", Range::EmbeddedIpv4),
        ("[2001:db8::1]", Range::Documentation),
        ("[fd12:3456::1]", Range::Private),
        ("[fe80::1]", Range::LinkLocal),
        ("[ff02::1]", Range::Multicast),
    ] {
        for scheme in ["https", "http"] {
            let reason = refusal(&outbound, format!("{scheme}://{host}/")).await;
            assert_eq!(reason, Refusal::Address(range), "{scheme}://{host}/");
        }
    }
}

#[tokio::test]
async fn every_spelling_of_an_address() {
    let outbound = client(short());
    for host in [
        "2130706433",
        "0x7f000001",
        "0X7F.0.0.1",
        "017700000001",
        "0177.0.0.01",
        "127.1",
        "127.0.1",
        "127.0.0.1.",
        "%31%32%37.0.0.1",
        "１２７.0.0.1",
        "127。0。0。1",
        "0x7f.0x0.0x0.0x1",
    ] {
        let reason = refusal(&outbound, format!("https://{host}/")).await;
        assert_eq!(reason, Refusal::Address(Range::Loopback), "{host}");
    }
    for host in ["2852039166", "0xA9FEA9FE", "0251.0376.0251.0376", "169.254.43518"] {
        let reason = refusal(&outbound, format!("https://{host}/latest/meta-data/")).await;
        assert_eq!(reason, Refusal::Address(Range::LinkLocal), "{host}");
    }
}

#[tokio::test]
async fn names_that_resolve_to_special_addresses() {
    let dns = DnsServer::start().await;
    let outbound = client(OutboundConfig { dns: Some(dns.address), ..short() });
    for (address, range) in [
        ("127.0.0.1", Range::Loopback),
        ("10.0.0.1", Range::Private),
        ("169.254.169.254", Range::LinkLocal),
        ("100.64.0.1", Range::SharedNat),
        ("0.0.0.0", Range::Unspecified),
        ("::1", Range::Loopback),
        ("::ffff:10.0.0.1", Range::EmbeddedIpv4),
        ("64:ff9b::a00:1", Range::EmbeddedIpv4),
        ("fd00::1", Range::Private),
        ("fe80::1", Range::LinkLocal),
    ] {
        let name = format!("{}.hostile.net", range.as_str().replace('_', "-"));
        dns.addresses(&name, &[address]);
        let reason = refusal(&outbound, format!("https://{name}/")).await;
        assert_eq!(reason, Refusal::Address(range), "{address}");
    }
    let reason = refusal(&outbound, "https://localhost/").await;
    assert_eq!(reason, Refusal::Address(Range::Loopback));
}

#[tokio::test]
async fn plain_http_is_for_exempted_hosts() {
    let dns = DnsServer::start().await;
    dns.addresses("public.net", &["93.184.216.34"]);
    let production = client(OutboundConfig { dns: Some(dns.address), ..short() });
    assert_eq!(refusal(&production, "http://public.net/").await, Refusal::Plain);
    assert_eq!(refusal(&production, "http://93.184.216.34/").await, Refusal::Plain);

    let development = client(OutboundConfig { dns: Some(dns.address), ..development() });
    assert_eq!(refusal(&development, "http://public.net/").await, Refusal::Plain);
    assert_eq!(refusal(&development, "http://93.184.216.34/").await, Refusal::Plain);
}

#[tokio::test]
async fn development_exempts_loopback_and_nothing_else() {
    let outbound = client(development());
    for host in ["10.0.0.1", "169.254.169.254", "[fe80::1]", "0.0.0.0", "[::]", "[::ffff:127.0.0.1]"] {
        for scheme in ["https", "http"] {
            let reason = refusal(&outbound, format!("{scheme}://{host}/")).await;
            assert!(matches!(reason, Refusal::Address(_)), "{scheme}://{host}/: {reason:?}");
        }
    }
}

#[tokio::test]
async fn a_second_policy_holds_user_urls_to_public_addresses() {
    let development = client(development());
    let strict = development.with_policy(Policy::public_only()).unwrap();
    assert_eq!(refusal(&strict, "http://127.0.0.1/").await, Refusal::Address(Range::Loopback));
    assert_eq!(refusal(&strict, "https://localhost/").await, Refusal::Address(Range::Loopback));
}

#[tokio::test]
async fn schemes_and_credentials() {
    let outbound = client(development());
    assert_eq!(refusal(&outbound, "ftp://example.com/").await, Refusal::Scheme);
    assert_eq!(refusal(&outbound, "file:///etc/passwd").await, Refusal::Scheme);
    assert_eq!(refusal(&outbound, "data:text/plain,x").await, Refusal::Scheme);
    assert_eq!(refusal(&outbound, "ws://127.0.0.1/").await, Refusal::Scheme);
    assert_eq!(refusal(&outbound, "http://user@127.0.0.1/").await, Refusal::Credentials);
    assert_eq!(refusal(&outbound, "http://:secret@127.0.0.1/").await, Refusal::Credentials);
}

#[tokio::test]
async fn what_users_see_does_not_tell_what_a_name_resolves_to() {
    let dns = DnsServer::start().await;
    dns.addresses("intranet.corp.net", &["10.11.12.13"]);
    let outbound = client(OutboundConfig { dns: Some(dns.address), ..short() });
    let error = failure(&outbound, "https://intranet.corp.net:8443/?token=secret").await;
    assert_eq!(error.to_string(), "GET intranet.corp.net:8443 refused: its address is not a public one");
    assert!(!error.is_transient());
}
