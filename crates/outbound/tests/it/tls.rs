//! Certificates are checked, for HTTP and WebSocket alike.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use outbound::tungstenite::Message;
use outbound::{Error, Outbound, OutboundConfig, WebSocketOptions};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::network::{client, development, failure, url};
use testkit::DnsServer;

type Connection = TlsStream<tokio::net::TcpStream>;

/// A TLS server for `trusted.net` that hands each connection to `serve`.
async fn tls_server<F>(serve: fn(Connection) -> F) -> (SocketAddr, CertificateDer<'static>)
where
    F: Future<Output = ()> + Send + 'static,
{
    let identity = rcgen::generate_simple_self_signed(["trusted.net".to_owned()]).unwrap();
    let certificate = identity.cert.der().clone();
    let key = PrivateKeyDer::try_from(identity.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            if let Ok(connection) = acceptor.accept(socket).await {
                tokio::spawn(serve(connection));
            }
        }
    });
    (address, certificate)
}

async fn hello(mut connection: Connection) {
    let mut request = [0; 2048];
    let _ = connection.read(&mut request).await;
    let _ = connection.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello").await;
}

async fn echo(connection: Connection) {
    let mut socket = tokio_tungstenite::accept_async(connection).await.unwrap();
    while let Some(Ok(message)) = socket.next().await {
        let _ = socket.send(message).await;
    }
}

/// A client that trusts `certificate` and resolves `trusted.net` and `other.net` to loopback.
async fn trusting(certificate: Option<CertificateDer<'static>>) -> Outbound {
    let dns = DnsServer::start().await;
    dns.addresses("trusted.net", &["127.0.0.1"]);
    dns.addresses("other.net", &["127.0.0.1"]);
    client(OutboundConfig {
        dns: Some(dns.address),
        trusted_certificates: certificate.into_iter().collect(),
        ..development()
    })
}

#[tokio::test]
async fn https_to_a_trusted_name() {
    let (server, certificate) = tls_server(hello).await;
    let outbound = trusting(Some(certificate)).await;
    let page = url(format!("https://trusted.net:{}/", server.port()));
    assert_eq!(outbound.get(&page).send().await.unwrap().body, "hello");
    let error = failure(&outbound, format!("https://other.net:{}/", server.port())).await;
    assert!(matches!(error, Error::Connect { .. }), "{error:?}");
}

#[tokio::test]
async fn https_to_an_unknown_authority() {
    let (server, _) = tls_server(hello).await;
    let outbound = trusting(None).await;
    let error = failure(&outbound, format!("https://trusted.net:{}/", server.port())).await;
    assert!(matches!(error, Error::Connect { .. }), "{error:?}");
}

#[tokio::test]
async fn websocket_over_tls() {
    let (server, certificate) = tls_server(echo).await;
    let outbound = trusting(Some(certificate)).await;
    let port = server.port();
    let options = WebSocketOptions::default;
    let mut socket = outbound.websocket(&url(format!("wss://trusted.net:{port}/")), options()).await.unwrap();
    socket.send(Message::text("hello")).await.unwrap();
    assert_eq!(socket.next().await.unwrap().unwrap(), Message::text("hello"));

    let other = outbound.websocket(&url(format!("wss://other.net:{port}/")), options()).await;
    assert!(matches!(other, Err(Error::Connect { .. })), "{other:?}");
}

#[tokio::test]
async fn a_server_that_never_shakes_hands() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let outbound = client(OutboundConfig { connect_timeout: Duration::from_millis(200), ..development() });
    let error = failure(&outbound, format!("https://127.0.0.1:{port}/")).await;
    assert!(matches!(error, Error::Connect { .. }), "{error:?}");
    drop(listener);
}
