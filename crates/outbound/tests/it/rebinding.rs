//! A name that changes its address between the check and the connection.

use std::net::SocketAddr;

use axum::Router;
use axum::http::header::CONNECTION;
use axum::routing::get;
use hickory_resolver::proto::rr::RecordType;
use outbound::{Error, OutboundConfig, Policy, Range, Refusal};

use crate::network::{client, failure, serve, serve_on, short, url};
use testkit::DnsServer;

/// `127.0.0.2` stands for the public server, `127.0.0.1` for the internal one; both listen on one port.
async fn two_servers() -> SocketAddr {
    let close = |body: &'static str| get(move || async move { ([(CONNECTION, "close")], body) });
    let internal = serve(Router::new().route("/", close("internal"))).await;
    let port = internal.port();
    serve_on(&format!("127.0.0.2:{port}"), Router::new().route("/", close("public"))).await
}

fn config(dns: &DnsServer) -> OutboundConfig {
    let public = "127.0.0.2/32".parse().unwrap();
    let policy = Policy { allow_networks: vec![public], ..Policy::default() };
    OutboundConfig { policy, dns: Some(dns.address), ..short() }
}

#[tokio::test]
async fn the_connection_goes_to_the_checked_address() {
    let port = two_servers().await.port();
    let dns = DnsServer::start().await;
    dns.addresses("rebind.net", &["127.0.0.2"]);
    dns.then_addresses("rebind.net", &["127.0.0.1"]);
    let outbound = client(config(&dns));

    let page = url(format!("http://rebind.net:{port}/"));
    let first = outbound.get(&page).send().await.unwrap();
    assert_eq!(first.body, "public");
    assert_eq!(dns.asked("rebind.net", RecordType::A), 1, "there is no second look-up to subvert");

    let second = failure(&outbound, page).await;
    assert!(matches!(second, Error::Refused { reason: Refusal::Address(Range::Loopback), .. }), "{second:?}");
}

#[tokio::test]
async fn refused_addresses_among_permitted_ones_are_never_contacted() {
    let port = two_servers().await.port();
    let dns = DnsServer::start().await;
    dns.addresses("mixed.net", &["127.0.0.1", "10.0.0.1", "::1", "127.0.0.2"]);
    let outbound = client(config(&dns));
    for _ in 0..5 {
        let answer = outbound.get(&url(format!("http://mixed.net:{port}/"))).send().await.unwrap();
        assert_eq!(answer.body, "public");
    }
}
