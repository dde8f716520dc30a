//! Answers that are too big, too slow or not what they say.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::HeaderValue;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH};
use axum::routing::get;
use futures::stream::{self, StreamExt};
use metrics_exporter_prometheus::PrometheusBuilder;
use outbound::Error;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tower_http::compression::CompressionLayer;

use crate::network::{client, development, failure, serve, url};

const CHUNK: usize = 64 << 10;

/// A body without end, and the count of the chunks taken from it.
fn endless() -> (Router, Arc<AtomicUsize>) {
    let taken = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&taken);
    let handler = move || {
        let counter = Arc::clone(&counter);
        let chunks = stream::repeat_with(move || {
            counter.fetch_add(1, Ordering::Relaxed);
            Ok::<_, Infallible>(Bytes::from(vec![0; CHUNK]))
        });
        async move { Body::from_stream(chunks) }
    };
    (Router::new().route("/", get(handler)), taken)
}

#[tokio::test]
async fn a_body_without_end() {
    let (router, taken) = endless();
    let server = serve(router).await;
    let outbound = client(development());
    let request = outbound.get(&url(format!("http://{server}/"))).max_bytes(100_000);
    let error = request.send().await.unwrap_err();
    assert!(matches!(error, Error::TooLarge { limit: 100_000, .. }), "{error:?}");
    // What the server produced beyond the limit fits the socket buffers.
    assert!(taken.load(Ordering::Relaxed) * CHUNK < 50 << 20);
}

#[tokio::test]
async fn a_body_without_end_that_is_read_as_it_comes() {
    let (router, taken) = endless();
    let server = serve(router).await;
    let outbound = client(development());
    let request = outbound.get(&url(format!("http://{server}/"))).max_bytes(1_000_000);
    let mut incoming = request.open().await.unwrap();
    assert_eq!(incoming.status(), 200);
    let mut read = 0;
    let error = loop {
        match incoming.chunk().await {
            Ok(chunk) => read += chunk.unwrap().len(),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, Error::TooLarge { limit: 1_000_000, .. }), "{error:?}");
    assert!((900_000..=1_000_000).contains(&read), "{read} bytes were handed on");
    assert!(taken.load(Ordering::Relaxed) * CHUNK < 50 << 20);
}

#[tokio::test]
async fn a_body_that_stops_coming() {
    let stuck = || async {
        let first = stream::once(async { Ok::<_, Infallible>(Bytes::from_static(b".")) });
        Body::from_stream(first.chain(stream::pending()))
    };
    let server = serve(Router::new().route("/", get(stuck))).await;
    let outbound = client(development());
    let request = outbound.get(&url(format!("http://{server}/"))).timeout(Duration::from_millis(300));
    let mut incoming = request.open().await.unwrap();
    assert_eq!(incoming.chunk().await.unwrap().unwrap(), ".");
    assert!(matches!(incoming.chunk().await, Err(Error::Timeout { .. })));
}

#[tokio::test]
async fn a_small_body_that_unpacks_to_a_large_one() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let _local = metrics::set_default_local_recorder(&recorder);

    let zeros = Router::new().route("/", get(|| async { vec![0; 4 << 20] })).layer(CompressionLayer::new());
    let server = serve(zeros).await;
    let outbound = client(development());
    for encoding in ["gzip", "br"] {
        let error = outbound
            .get(&url(format!("http://{server}/")))
            .header(ACCEPT_ENCODING, HeaderValue::from_static(encoding))
            .max_bytes(100_000)
            .send()
            .await
            .unwrap_err();
        assert!(matches!(error, Error::TooLarge { .. }), "{encoding}: {error:?}");
    }
    let text = handle.render();
    let received = text.lines().find_map(|line| line.strip_prefix("outbound_received_bytes_total "));
    let received: u64 = received.unwrap().parse().unwrap();
    assert!(received < 2 * 200_000, "{received} bytes were unpacked");
}

#[tokio::test]
async fn a_body_of_exactly_the_limit() {
    let router = Router::new().route("/", get(|| async { vec![7; 1000] })).layer(CompressionLayer::new());
    let server = serve(router).await;
    let outbound = client(development());
    let get = |limit| outbound.get(&url(format!("http://{server}/"))).max_bytes(limit);
    assert_eq!(get(1000).send().await.unwrap().body, vec![7; 1000]);
    assert!(matches!(get(999).send().await, Err(Error::TooLarge { limit: 999, .. })));
}

#[tokio::test]
async fn an_announced_length_beyond_the_limit_is_not_read() {
    let router = Router::new().route(
        "/",
        get(|| async {
            let never = Body::from_stream(stream::pending::<Result<Bytes, Infallible>>());
            ([(CONTENT_LENGTH, "1000000000000")], never)
        }),
    );
    let server = serve(router).await;
    let error = failure(&client(development()), format!("http://{server}/")).await;
    assert!(matches!(error, Error::TooLarge { .. }), "{error:?}");
}

#[tokio::test]
async fn slow_heads_and_slow_bodies() {
    let drip = || async {
        let drops = stream::repeat(Ok::<_, Infallible>(Bytes::from_static(b"."))).then(|drop| async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            drop
        });
        Body::from_stream(drops)
    };
    let router = Router::new()
        .route("/head", get(|| async { std::future::pending::<&str>().await }))
        .route("/body", get(drip));
    let server = serve(router).await;
    let outbound = client(development());
    for path in ["/head", "/body"] {
        let started = Instant::now();
        let limit = Duration::from_millis(200);
        let request = outbound.get(&url(format!("http://{server}{path}"))).timeout(limit);
        let error = request.send().await.unwrap_err();
        assert!(matches!(error, Error::Timeout { .. }), "{path}: {error:?}");
        assert!(error.is_transient());
        assert!(started.elapsed() < Duration::from_secs(2), "{path}");
    }
}

#[tokio::test]
async fn data_that_is_not_what_it_says() {
    let router = Router::new()
        .route("/gzip", get(|| async { ([(CONTENT_ENCODING, "gzip")], "this is not gzip") }))
        .route(
            "/short",
            get(|| async {
                ([(CONTENT_LENGTH, "10")], Body::from_stream(stream::iter([Ok::<_, Infallible>("x")])))
            }),
        );
    let server = serve(router).await;
    let outbound = client(development());
    for path in ["/gzip", "/short"] {
        let error = failure(&outbound, format!("http://{server}{path}")).await;
        assert!(matches!(error, Error::Transfer { .. }), "{path}: {error:?}");
    }
}

#[tokio::test]
async fn a_server_that_does_not_speak_http() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = [0; 1024];
            let _ = socket.read(&mut request).await;
            let _ = socket.write_all(b"SSH-2.0-OpenSSH_9.6\r\n").await;
        }
    });
    let error = failure(&client(development()), format!("http://{server}/")).await;
    assert!(matches!(error, Error::Transfer { .. }), "{error:?}");
}
