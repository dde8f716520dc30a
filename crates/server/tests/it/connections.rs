//! Clients that are slow, greedy or talk nonsense.

use std::time::{Duration, Instant};

use server::{Access, Mount, Route, ShellConfig, standard_errors};

use crate::support::{PATIENCE, Server, app};

async fn start(config: ShellConfig) -> Server {
    let routes = [
        Route::get("/t", Access::Public, "", async || "hello"),
        Route::get("/t/huge", Access::Public, "", async || vec![b'x'; 64 * 1024 * 1024]),
        Route::post("/t", Access::Public, "", async |body: String| body),
        Route::post("/t/slow", Access::Public, "", async |_: String| std::future::pending::<()>().await),
    ];
    let mount = Mount::new("/t", standard_errors).routes(&(), routes);
    Server::start_with(config, Vec::new(), vec![app("t", vec![mount])]).await
}

#[tokio::test]
async fn a_head_that_dribbles_in_is_cut_off() {
    let config = ShellConfig { head_time_limit: Duration::from_millis(300), ..ShellConfig::default() };
    let server = start(config).await;
    let mut client = server.connect().await;
    let started = Instant::now();
    for byte in b"GET /t HTTP/1.1\r\nhost: t\r\nx-slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" {
        if client.try_write(&[*byte]).await.is_err() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(client.is_closed().await);
    assert!(started.elapsed() < PATIENCE);
    assert_eq!(server.get("/t").await.text(), "hello");
}

#[tokio::test]
async fn a_body_that_never_ends_is_cut_off() {
    let config = ShellConfig { request_time_limit: Duration::from_millis(100), ..ShellConfig::default() };
    let server = start(config).await;
    let mut client = server.connect().await;
    client.write(b"POST /t HTTP/1.1\r\nhost: t\r\ncontent-length: 10\r\n\r\n12345").await;
    assert_eq!(client.reply(false).await.status, 408);
    assert!(client.is_closed().await);
}

#[tokio::test]
async fn a_body_may_take_longer_than_its_handler() {
    let config = ShellConfig { request_time_limit: Duration::from_millis(200), ..ShellConfig::default() };
    let server = start(config).await;
    let mut client = server.connect().await;
    client.write(b"POST /t HTTP/1.1\r\nhost: t\r\ncontent-length: 20000\r\n\r\n").await;
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(30)).await;
        client.write(&[b'x'; 1000]).await;
    }
    let reply = client.reply(false).await;
    assert_eq!((reply.status, reply.body.len()), (200, 20_000), "three times the limit went by");
    client.write(b"POST /t/slow HTTP/1.1\r\nhost: t\r\ncontent-length: 2\r\n\r\nx").await;
    tokio::time::sleep(Duration::from_millis(150)).await;
    client.write(b"x").await;
    assert_eq!(client.reply(false).await.status, 408, "the handler itself has its limit all the same");
}

#[tokio::test]
async fn a_body_that_dribbles_in_is_cut_off() {
    let config = ShellConfig { request_time_limit: Duration::from_millis(200), ..ShellConfig::default() };
    let server = start(config).await;
    let mut client = server.connect().await;
    let started = Instant::now();
    client.write(b"POST /t HTTP/1.1\r\nhost: t\r\ncontent-length: 100000\r\n\r\n").await;
    while started.elapsed() < PATIENCE && client.try_write(b"x").await.is_ok() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(started.elapsed() < PATIENCE, "it went on for {:?}", started.elapsed());
}

#[tokio::test]
async fn a_silent_connection_is_closed() {
    let config = ShellConfig { head_time_limit: Duration::from_millis(400), ..ShellConfig::default() };
    let server = start(config).await;
    assert!(server.connect().await.is_closed().await, "before the first request");
    let mut client = server.connect().await;
    client.write(b"GET /t HTTP/1.1\r\nhost: t\r\n\r\n").await;
    assert_eq!(client.reply(false).await.text(), "hello");
    assert!(client.is_closed().await, "and after one");
}

#[tokio::test]
async fn a_client_that_does_not_read_is_given_up() {
    let config = ShellConfig {
        stall_time_limit: Duration::from_millis(100),
        max_connections: 1,
        ..ShellConfig::default()
    };
    let server = start(config).await;
    let mut stalled = server.connect().await;
    stalled.write(b"GET /t/huge HTTP/1.1\r\nhost: t\r\n\r\n").await;
    // The only slot becomes free although the client is still there.
    assert_eq!(server.get("/t").await.text(), "hello");
    stalled.write(b"").await;
}

#[tokio::test]
async fn further_connections_wait_for_a_slot() {
    let server = start(ShellConfig { max_connections: 2, ..ShellConfig::default() }).await;
    let (mut one, mut two) = (server.connect().await, server.connect().await);
    for client in [&mut one, &mut two] {
        client.write(b"GET /t HTTP/1.1\r\nhost: t\r\n\r\n").await;
        assert_eq!(client.reply(false).await.status, 200);
    }
    let mut three = server.connect().await;
    three.write(b"GET /t HTTP/1.1\r\nhost: t\r\n\r\n").await;
    let waiting = tokio::time::timeout(Duration::from_millis(100), three.reply(false)).await;
    assert!(waiting.is_err(), "not served while both slots are taken");
    drop(one);
    assert_eq!(three.reply(false).await.status, 200);
}

#[tokio::test]
async fn heads_are_bounded() {
    let server = start(ShellConfig::default()).await;
    for (head, status) in [
        (format!("GET /t HTTP/1.1\r\nx-large: {}", "a".repeat(20_000)), 200),
        (format!("GET /t HTTP/1.1\r\nx-large: {}", "a".repeat(40_000)), 431),
        (format!("GET /t HTTP/1.1\r\n{}x: 1", "x: 1\r\n".repeat(90)), 200),
        (format!("GET /t HTTP/1.1\r\n{}x: 1", "x: 1\r\n".repeat(200)), 431),
        (format!("GET /t?{} HTTP/1.1", "a".repeat(8_000)), 200),
        (format!("GET /t?{} HTTP/1.1", "a".repeat(10_000)), 414),
    ] {
        assert_eq!(server.send(&head).await.status, status, "{}", &head[..40]);
    }
}

#[tokio::test]
async fn an_endless_head_is_refused_before_it_ends() {
    let server = start(ShellConfig::default()).await;
    let mut client = server.connect().await;
    client.write(b"GET /t HTTP/1.1\r\n").await;
    let line = format!("x-more: {}\r\n", "a".repeat(1000));
    for _ in 0..33 {
        if client.try_write(line.as_bytes()).await.is_err() {
            break;
        }
    }
    assert_eq!(client.reply(false).await.status, 431);
}

#[tokio::test]
async fn nonsense_is_answered_with_400() {
    let server = start(ShellConfig::default()).await;
    let cases: [&[u8]; 6] = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS hello \r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /t HTTP/9.9\r\n\r\n",
        b"GET /t\x00 HTTP/1.1\r\n\r\n",
        b"GET /t HTTP/1.1\r\nbad header\r\n\r\n",
        b"POST /t HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
    ];
    for bytes in cases {
        let mut client = server.connect().await;
        client.write(bytes).await;
        let (status, _) = client.head().await;
        assert_eq!(status, 400, "{:?}", String::from_utf8_lossy(bytes));
    }
    assert_eq!(server.get("/t").await.text(), "hello");
}

#[tokio::test]
async fn http_2_without_tls_is_turned_away() {
    let server = start(ShellConfig::default()).await;
    let mut client = server.connect().await;
    client.write(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    assert!(client.is_closed().await);
}

#[tokio::test]
async fn two_lengths_in_one_request_are_refused() {
    let server = start(ShellConfig::default()).await;
    let mut client = server.connect().await;
    client.write(b"POST /t HTTP/1.1\r\nhost: t\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd").await;
    assert_eq!(client.head().await.0, 400);
}

#[tokio::test]
async fn a_connection_serves_many_requests() {
    let server = start(ShellConfig::default()).await;
    let mut client = server.connect().await;
    for n in 0..50 {
        let body = n.to_string();
        let head = format!("POST /t HTTP/1.1\r\nhost: t\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        client.write(head.as_bytes()).await;
        assert_eq!(client.reply(false).await.text(), body);
    }
}
