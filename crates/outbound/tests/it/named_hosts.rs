//! Hosts that are exempted by their names, and who else gets nowhere by them.

use std::net::SocketAddr;

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::routing::{any, get};
use outbound::{Error, Outbound, OutboundConfig, Policy, Range, Refusal};

use crate::network::{client, failure, serve, short, url};
use testkit::DnsServer;

/// Names that all lead to this machine, of which one may be contacted.
async fn exempting(host: &str) -> (Outbound, DnsServer) {
    let dns = DnsServer::start().await;
    for name in ["wiki.internal", "evil.example"] {
        dns.addresses(name, &["127.0.0.1"]);
    }
    let policy = Policy { allow_hosts: vec![host.parse().unwrap()], ..Policy::default() };
    (client(OutboundConfig { policy, dns: Some(dns.address), ..short() }), dns)
}

async fn page() -> SocketAddr {
    serve(Router::new().route("/", get(async || "internal"))).await
}

#[tokio::test]
async fn are_reached_by_name_and_by_address() {
    let port = page().await.port();
    for host in [format!("wiki.internal:{port}"), format!("127.0.0.1:{port}")] {
        let (outbound, _dns) = exempting(&host).await;
        let answer = outbound.get(&url(format!("http://{host}/"))).send().await.unwrap();
        assert_eq!(answer.body, "internal");
    }
}

#[tokio::test]
async fn exempt_no_other_name_or_port_of_the_same_address() {
    let (port, other) = (page().await.port(), page().await.port());
    let (outbound, _dns) = exempting(&format!("wiki.internal:{port}")).await;
    drop(outbound.get(&url(format!("http://wiki.internal:{port}/"))).send().await.unwrap());
    for target in [
        format!("http://127.0.0.1:{port}/"),
        format!("http://[::1]:{port}/"),
        format!("https://wiki.internal:{other}/"),
        // A name that somebody points at the exempted host's address.
        format!("https://evil.example:{port}/"),
    ] {
        let error = failure(&outbound, &target).await;
        assert!(
            matches!(error, Error::Refused { reason: Refusal::Address(Range::Loopback), .. }),
            "{target}: {error:?}"
        );
    }
    for target in [format!("http://wiki.internal:{other}/"), format!("http://evil.example:{port}/")] {
        let error = failure(&outbound, &target).await;
        assert!(matches!(error, Error::Refused { reason: Refusal::Plain, .. }), "{target}: {error:?}");
    }
}

#[tokio::test]
async fn are_not_reached_by_a_redirect_nor_lead_elsewhere() {
    let internal = page().await;
    let redirect = |target: String| {
        Router::new().route(
            "/",
            any(move || {
                let target = target.clone();
                async move { (StatusCode::FOUND, [(LOCATION, target)]) }
            }),
        )
    };
    // Two exempted hosts: from neither does a redirect lead to the other.
    let from = serve(redirect(format!("http://wiki.internal:{}/", internal.port()))).await;
    let dns = DnsServer::start().await;
    dns.addresses("wiki.internal", &["127.0.0.1"]);
    let allow_hosts = [format!("127.0.0.1:{}", from.port()), format!("wiki.internal:{}", internal.port())]
        .map(|host| host.parse().unwrap())
        .into();
    let policy = Policy { allow_hosts, ..Policy::default() };
    let outbound = client(OutboundConfig { policy, dns: Some(dns.address), ..short() });
    let error = failure(&outbound, format!("http://{from}/")).await;
    assert!(matches!(error, Error::Refused { reason: Refusal::Plain, .. }), "{error:?}");

    // One that redirects to what is refused.
    let from = serve(redirect(format!("http://{internal}/"))).await;
    let (outbound, _dns) = exempting(&from.to_string()).await;
    let error = failure(&outbound, format!("http://{from}/")).await;
    assert!(matches!(error, Error::Refused { reason: Refusal::Address(Range::Loopback), .. }), "{error:?}");
}
