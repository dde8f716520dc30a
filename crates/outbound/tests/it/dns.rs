//! TXT look-ups.

use std::time::Duration;

use hickory_resolver::proto::rr::RecordType;
use outbound::{Error, OutboundConfig};

use crate::network::{client, short};
use testkit::DnsServer;

#[tokio::test]
async fn records_and_their_absence() {
    let dns = DnsServer::start().await;
    let outbound = client(OutboundConfig { dns: Some(dns.address), ..short() });
    dns.txt("_atproto.alice.net", &["did=did:plc:a", "unrelated"]);
    dns.txt_strings("_long.alice.net", &[b"did=", b"did:plc:", b"b"]);
    dns.txt_strings("_binary.alice.net", &[b"\xff\xfe"]);
    dns.addresses("alice.net", &["127.0.0.1"]);

    let mut values = outbound.txt("_atproto.alice.net").await.unwrap();
    values.sort();
    assert_eq!(values, ["did=did:plc:a", "unrelated"]);
    assert_eq!(outbound.txt("_long.alice.net").await.unwrap(), ["did=did:plc:b"]);
    assert!(outbound.txt("_binary.alice.net").await.unwrap().is_empty());
    assert!(outbound.txt("alice.net").await.unwrap().is_empty(), "a name without TXT records");
    assert!(outbound.txt("nowhere.net").await.unwrap().is_empty(), "no such name");
    assert!(outbound.txt("not..a name").await.unwrap().is_empty());
}

#[tokio::test]
async fn answers_are_fresh() {
    let dns = DnsServer::start().await;
    let outbound = client(OutboundConfig { dns: Some(dns.address), ..short() });
    dns.txt("a.net", &["old"]);
    assert_eq!(outbound.txt("a.net").await.unwrap(), ["old"]);
    dns.txt("a.net", &["new"]);
    assert_eq!(outbound.txt("a.net").await.unwrap(), ["new"]);
    assert_eq!(dns.asked("a.net", RecordType::TXT), 2);
}

#[tokio::test]
async fn a_server_that_fails_is_not_a_name_without_records() {
    let dns = DnsServer::start().await;
    let outbound = client(OutboundConfig { dns: Some(dns.address), ..short() });
    dns.fail("broken.net", RecordType::TXT);
    let error = outbound.txt("broken.net").await.unwrap_err();
    assert!(matches!(error, Error::Dns { .. }) && error.is_transient(), "{error:?}");
    assert_eq!(error.to_string(), "TXT broken.net failed: the host name could not be looked up");
}

#[tokio::test]
async fn a_server_that_is_silent() {
    let dns = DnsServer::start().await;
    let connect_timeout = Duration::from_millis(100);
    let outbound = client(OutboundConfig { dns: Some(dns.address), connect_timeout, ..short() });
    dns.silence("silent.net", RecordType::TXT);
    let error = outbound.txt("silent.net").await.unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }) && error.is_transient(), "{error:?}");
}
