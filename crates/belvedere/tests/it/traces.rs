//! Spans for a collector.

use std::time::Duration;

use testkit::{Belvedere, BelvedereOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// What one request to a collector brings.
async fn taken(listener: &TcpListener) -> Vec<u8> {
    let (mut socket, _) = listener.accept().await.unwrap();
    let mut bytes = Vec::new();
    loop {
        let mut buffer = [0; 4096];
        let read = socket.read(&mut buffer).await.unwrap();
        bytes.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        let Some((head, _)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        let start = bytes.windows(4).position(|it| it == b"\r\n\r\n").unwrap() + 4;
        if read == 0 || bytes.len() >= start + length.trim().parse::<usize>().unwrap() {
            break;
        }
    }
    socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
    bytes
}

fn has(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|it| it == text.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_is_sent_what_requests_did() {
    let collector = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = tempfile::tempdir().unwrap();
    let nowhere = "http://127.0.0.1:1";
    let options = BelvedereOptions::new(place.path())
        .with("BELVEDERE_DEV", "true")
        .with("PLC_URL", nowhere)
        .with("RELAY_URL", nowhere)
        .with("JETSTREAM_URL", "ws://127.0.0.1:1")
        .with("OTEL_EXPORTER_OTLP_ENDPOINT", &format!("http://{}", collector.local_addr().unwrap()))
        .with("OTEL_EXPORTER_OTLP_HEADERS", "x-key=of the operator");
    let server = Belvedere::start(&options).await;
    let id = "a-request-that-is-looked-for";
    assert_eq!(server.client.with_header("x-request-id", id).get("/health").await.status, 200);
    let sent =
        tokio::spawn(async move { tokio::time::timeout(Duration::from_secs(20), taken(&collector)).await });
    // What waits is sent when the server ends, at the latest.
    tokio::time::sleep(Duration::from_millis(100)).await;
    let ended = server.terminate().await;
    assert!(ended.status.success(), "{ended:?}");
    let sent = sent.await.unwrap().expect("something is sent");
    assert!(sent.starts_with(b"POST /v1/traces HTTP/1.1\r\n"), "{}", String::from_utf8_lossy(&sent));
    for text in ["x-key: of the operator", "service.name", "belvedere", "/health", id] {
        assert!(has(&sent, text), "{text} is not in {}", String::from_utf8_lossy(&sent));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_not_there_holds_nobody_up() {
    let place = tempfile::tempdir().unwrap();
    let nowhere = "http://127.0.0.1:1";
    let options = BelvedereOptions::new(place.path())
        .with("BELVEDERE_DEV", "true")
        .with("PLC_URL", nowhere)
        .with("RELAY_URL", nowhere)
        .with("JETSTREAM_URL", "ws://127.0.0.1:1")
        .with("OTEL_EXPORTER_OTLP_ENDPOINT", nowhere);
    let server = Belvedere::start(&options).await;
    for _ in 0..100 {
        assert_eq!(server.client.get("/health").await.status, 200);
    }
    let ended = server.terminate().await;
    assert!(ended.status.success() && ended.took < Duration::from_secs(3), "{ended:?}");
}
