//! Liveness, readiness, metrics.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use serde_json::json;
use server::{Check, ShellConfig, serve_metrics};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::support::{Client, Server};

#[tokio::test]
async fn health_says_who_is_alive() {
    let config = ShellConfig { version: "1.2.3", ..ShellConfig::default() };
    let server = Server::start_with(config, Vec::new(), Vec::new()).await;
    let strange = "GET /health HTTP/1.1\r\nauthorization: Basic anything";
    for head in ["GET /health HTTP/1.1", strange, "GET /healthz HTTP/1.1"] {
        let reply = server.send(head).await;
        let mut body = reply.json();
        let timestamp = body["timestamp"].take();
        let timestamp = timestamp.as_str().unwrap();
        assert!(
            timestamp.starts_with("20") && timestamp.ends_with('Z') && timestamp.len() == 24,
            "{timestamp}"
        );
        assert_eq!(
            body,
            json!({ "status": "ok", "service": "belvedere", "version": "1.2.3", "timestamp": null })
        );
        assert_eq!((reply.status, reply.header("cache-control")), (200, Some("no-store")));
    }
    assert_eq!(server.send("HEAD /health HTTP/1.1").await.status, 200);
    assert_eq!(server.send("POST /health HTTP/1.1").await.status, 405);
    assert_eq!(server.get("/health/more").await.status, 404);
}

#[tokio::test]
async fn ready_tells_which_check_fails_and_nothing_more() {
    let works = Arc::new(AtomicBool::new(true));
    let index = works.clone();
    let checks = vec![
        Check::new("state", async || Ok(())),
        Check::new("index", move || {
            let works = index.load(Ordering::SeqCst);
            async move { if works { Ok(()) } else { Err("secret detail".into()) } }
        }),
    ];
    let server = Server::start_with(ShellConfig::default(), checks, Vec::new()).await;
    let ok = json!([{ "name": "state", "status": "ok" }, { "name": "index", "status": "ok" }]);
    for path in ["/ready", "/readyz", "/health/ready"] {
        let reply = server.get(path).await;
        assert_eq!((reply.status, reply.json()), (200, json!({ "status": "ok", "checks": ok })), "{path}");
    }
    works.store(false, Ordering::SeqCst);
    let reply = server.get("/ready").await;
    let failed = json!([{ "name": "state", "status": "ok" }, { "name": "index", "status": "failed" }]);
    assert_eq!((reply.status, reply.json()), (503, json!({ "status": "failed", "checks": failed })));
}

#[tokio::test]
async fn metrics_have_a_listener_of_their_own() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let token = stop.clone();
    let serving = tokio::spawn(async move {
        serve_metrics(listener, &ShellConfig::default(), || "a_total 1\n".to_owned(), &token).await;
    });
    for (head, status, body) in [
        ("GET /metrics", 200, "a_total 1\n"),
        ("POST /metrics", 405, ""),
        ("GET /other", 404, "metrics are at /metrics\n"),
    ] {
        let mut client = Client::connect(addr).await;
        client.write(format!("{head} HTTP/1.1\r\nhost: t\r\n\r\n").as_bytes()).await;
        let reply = client.reply(false).await;
        assert_eq!((reply.status, reply.text()), (status, body));
        if status == 200 {
            assert_eq!(reply.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
        }
    }
    stop.cancel();
    serving.await.unwrap();
}
