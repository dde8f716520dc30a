//! WebSocket connections without TLS; see `tls` for those with.

use std::net::SocketAddr;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use http::{HeaderMap, HeaderValue, StatusCode};
use outbound::tungstenite::error::CapacityError;
use outbound::tungstenite::handshake::server::{Request, Response};
use outbound::tungstenite::{self, Message};
use outbound::{Error, Range, Refusal, WebSocketOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::network::{client, development, short, url};

/// Greets each client with its path, user agent and `x-test` header, then echoes.
async fn greeter() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut greeting = String::new();
                #[expect(clippy::result_large_err, reason = "the signature tungstenite wants")]
                let look = |request: &Request, response: Response| {
                    let header =
                        |name| request.headers().get(name).map_or("", |v: &HeaderValue| v.to_str().unwrap());
                    greeting = format!("{} {} {}", request.uri(), header("user-agent"), header("x-test"));
                    Ok(response)
                };
                let mut socket = tokio_tungstenite::accept_hdr_async(socket, look).await.unwrap();
                socket.send(Message::text(greeting)).await.unwrap();
                while let Some(Ok(message)) = socket.next().await {
                    let _ = socket.send(message).await;
                }
            });
        }
    });
    address
}

/// Answers every connection with these bytes.
async fn answering(bytes: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let _ = socket.read(&mut [0; 2048]).await;
            let _ = socket.write_all(bytes).await;
        }
    });
    address
}

#[tokio::test]
async fn the_handshake_carries_our_headers() {
    let server = greeter().await;
    let headers = HeaderMap::from_iter([("x-test".parse().unwrap(), HeaderValue::from_static("yes"))]);
    let options = WebSocketOptions { headers, ..WebSocketOptions::default() };
    let page = url(format!("ws://localhost:{}/subscribe?cursor=5#part", server.port()));
    let mut socket = client(development()).websocket(&page, options).await.unwrap();
    let greeting = socket.next().await.unwrap().unwrap().into_text().unwrap();
    assert_eq!(greeting, concat!("/subscribe?cursor=5 belvedere/", env!("CARGO_PKG_VERSION"), " yes"));
}

#[tokio::test]
async fn messages_beyond_the_limit_end_the_connection() {
    let server = greeter().await;
    let options = WebSocketOptions { max_frame: 1000, max_message: 1000, ..WebSocketOptions::default() };
    let page = url(format!("ws://{server}/"));
    let mut socket = client(development()).websocket(&page, options).await.unwrap();
    socket.next().await.unwrap().unwrap();
    for (size, fits) in [(1000, true), (1001, false)] {
        socket.send(Message::binary(vec![0; size])).await.unwrap();
        let answer = socket.next().await.unwrap();
        let too_long =
            matches!(answer, Err(tungstenite::Error::Capacity(CapacityError::MessageTooLong { .. })));
        assert_eq!(too_long, !fits, "{size}: {answer:?}");
    }
}

#[tokio::test]
async fn the_guard_applies() {
    let outbound = client(short());
    for (page, reason) in [
        ("ws://example.com/", Refusal::Plain),
        ("ws://93.184.216.34/", Refusal::Plain),
        ("wss://localhost/", Refusal::Address(Range::Loopback)),
        ("wss://127.0.0.1/", Refusal::Address(Range::Loopback)),
        ("wss://0xA9FEA9FE/", Refusal::Address(Range::LinkLocal)),
        ("wss://[fd00::1]/", Refusal::Address(Range::Private)),
        ("https://example.com/", Refusal::Scheme),
    ] {
        match outbound.websocket(&url(page), WebSocketOptions::default()).await {
            Err(Error::Refused { reason: found, .. }) => assert_eq!(found, reason, "{page}"),
            other => panic!("{page}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn answers_that_are_not_a_websocket() {
    let outbound = client(development());
    let open =
        async |server| outbound.websocket(&url(format!("ws://{server}/")), WebSocketOptions::default()).await;

    let redirect = answering(b"HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:1/\r\n\r\n").await;
    let error = open(redirect).await.unwrap_err();
    assert!(matches!(error, Error::Status { status: StatusCode::FOUND, .. }), "{error:?}");

    let limited = answering(b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 30\r\n\r\n").await;
    let error = open(limited).await.unwrap_err();
    assert!(matches!(error, Error::Status { status: StatusCode::TOO_MANY_REQUESTS, .. }), "{error:?}");
    let error = open(limited).await.unwrap_err();
    assert!(error.retry_after().is_some_and(|left| left.as_secs() > 20), "{error:?}");

    let nonsense = answering(b"SSH-2.0-OpenSSH_9.6\r\n").await;
    let error = open(nonsense).await.unwrap_err();
    assert!(matches!(error, Error::Transfer { .. }), "{error:?}");
}

#[tokio::test]
async fn a_server_that_does_not_answer() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = listener.local_addr().unwrap();
    let options =
        WebSocketOptions { connect_timeout: Duration::from_millis(100), ..WebSocketOptions::default() };
    let error = client(development()).websocket(&url(format!("ws://{server}/")), options).await.unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
}
