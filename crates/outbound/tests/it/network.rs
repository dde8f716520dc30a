//! Servers on loopback and clients that may reach them.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use outbound::{Error, Outbound, OutboundConfig, Policy};
use tokio::net::TcpListener;
use url::Url;

/// Serves `router` on a free port of `127.0.0.1`.
pub(crate) async fn serve(router: Router) -> SocketAddr {
    serve_on("127.0.0.1:0", router).await
}

/// Serves `router` on this address.
pub(crate) async fn serve_on(address: &str, router: Router) -> SocketAddr {
    let listener = TcpListener::bind(address).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

/// Settings that exempt loopback.
pub(crate) fn development() -> OutboundConfig {
    OutboundConfig { policy: Policy::development(), ..short() }
}

/// Settings of production, with the patience of a test.
pub(crate) fn short() -> OutboundConfig {
    OutboundConfig {
        connect_timeout: Duration::from_secs(2),
        timeout: Duration::from_secs(5),
        ..OutboundConfig::default()
    }
}

pub(crate) fn client(config: OutboundConfig) -> Outbound {
    Outbound::new(config).unwrap()
}

pub(crate) fn url(text: impl AsRef<str>) -> Url {
    Url::parse(text.as_ref()).unwrap()
}

/// Fetches a URL and returns why that failed.
pub(crate) async fn failure(outbound: &Outbound, text: impl AsRef<str>) -> Error {
    let text = text.as_ref();
    match outbound.get(&url(text)).send().await {
        Ok(response) => panic!("{text} answered {}", response.status),
        Err(error) => error,
    }
}
