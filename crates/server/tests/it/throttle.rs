//! Asking callers to slow down, and from where they call.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::extract::Request;
use futures::future::BoxFuture;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, request::Parts};
use serde_json::json;
use server::{
    Access, Caller, ClientAddress, Credential, Json, Mount, Problem, Route, ShellConfig, Throttle,
    standard_errors,
};

use crate::support::{READ, Server, app};

const SEEN: HeaderName = HeaderName::from_static("x-seen");

/// Says in a header whom it saw, and refuses whoever asks for it.
#[derive(Debug, Default)]
struct Doorman {
    asked: AtomicUsize,
}

impl Throttle for Doorman {
    fn admit<'a>(&'a self, parts: &'a mut Parts) -> BoxFuture<'a, Result<HeaderMap, Problem>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let known = parts.extensions.get::<Caller>().is_some();
        let address = parts.extensions.get::<ClientAddress>().unwrap().0;
        let seen = HeaderValue::try_from(format!("{address} {known}")).unwrap();
        let outcome = if parts.headers.contains_key("x-refuse") {
            let problem =
                Problem::new(StatusCode::TOO_MANY_REQUESTS, "Too many requests").named("RateLimited");
            Err(problem.with_header(SEEN, seen))
        } else {
            Ok(HeaderMap::from_iter([(SEEN, seen)]))
        };
        Box::pin(std::future::ready(outcome))
    }
}

async fn read(request: Request) -> Result<Json<usize>, Problem> {
    let body = axum::body::to_bytes(request.into_body(), usize::MAX).await;
    body.map(|body| Json(body.len())).map_err(|error| Problem::bad_request(error.to_string()))
}

async fn panics() {
    panic!("oh");
}

async fn start(config: ShellConfig) -> (Server, Arc<Doorman>) {
    let doorman = Arc::<Doorman>::default();
    let routes = [
        Route::post("/t/read", Access::Delegated, "", read),
        Route::get("/t/missing", Access::Delegated, "", async || Problem::not_found("no such thing")),
        Route::get("/t/read-only", READ, "", async || ()),
        Route::get("/t/panics", Access::Public, "", panics),
        Route::get("/t/slow", Access::Public, "", async || tokio::time::sleep(Duration::from_mins(1)).await)
            .time_limit(Duration::from_millis(20)),
    ];
    let mount = Mount {
        body_limit: 100,
        credentials: &[Credential::ApiKey],
        throttle: Some(doorman.clone()),
        ..Mount::new("/t", standard_errors)
    };
    let elsewhere = Route::get("/u", Access::Public, "", async || ());
    let elsewhere = Mount::new("/u", standard_errors).routes(&(), [elsewhere]);
    let apps = vec![app("t", vec![mount.routes(&(), routes), elsewhere])];
    (Server::start_with(config, Vec::new(), apps).await, doorman)
}

#[tokio::test]
async fn its_headers_are_on_every_answer() {
    let (server, _) = start(ShellConfig::default()).await;
    for (reply, status) in [
        (server.send_body("POST /t/read HTTP/1.1", b"abc").await, 200),
        (server.get("/t/missing").await, 404),
        (server.get("/t/panics").await, 500),
        (server.get("/t/slow").await, 408),
    ] {
        assert_eq!((reply.status, reply.header("x-seen")), (status, Some("127.0.0.1 false")));
    }
    let known = server.send("GET /t/read-only HTTP/1.1\r\nauthorization: Bearer reader").await;
    assert_eq!((known.status, known.header("x-seen")), (200, Some("127.0.0.1 true")));
}

#[tokio::test]
async fn a_refusal_is_a_problem_and_the_body_is_not_read() {
    let (server, doorman) = start(ShellConfig::default()).await;
    // As large as the limit of bodies allows, and larger: the refusal comes first.
    for length in [100, 101, 200_000] {
        let reply = server.send_body("POST /t/read HTTP/1.1\r\nx-refuse: 1", &vec![b'1'; length]).await;
        assert_eq!(reply.status, 429, "{length}");
        assert_eq!(reply.json(), json!({ "error": "RateLimited", "message": "Too many requests" }));
        assert_eq!(reply.header("x-seen"), Some("127.0.0.1 false"));
    }
    assert_eq!(doorman.asked.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn only_requests_that_are_admitted_to_its_mount_are_counted() {
    let (server, doorman) = start(ShellConfig::default()).await;
    for (reply, status) in [
        (server.get("/t/read-only").await, 401),
        (server.send("GET /t/missing HTTP/1.1\r\nauthorization: Bearer nobody").await, 401),
        (server.get("/t/nowhere").await, 404),
        (server.get("/u").await, 200),
    ] {
        assert_eq!((reply.status, reply.header("x-seen")), (status, None));
    }
    assert_eq!(doorman.asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn clients_are_told_apart_behind_a_proxy_that_is_trusted() {
    let seen = async |config, head: &str| {
        let (server, _) = start(config).await;
        server.send(&format!("GET /t/missing HTTP/1.1\r\n{head}")).await.header("x-seen").unwrap().to_owned()
    };
    let forwarded = "x-forwarded-for: 198.51.100.1, 203.0.113.7";
    assert_eq!(seen(ShellConfig::default(), forwarded).await, "203.0.113.7 false");
    let nobody = ShellConfig { trusted_proxies: "none".parse().unwrap(), ..ShellConfig::default() };
    assert_eq!(seen(nobody, forwarded).await, "127.0.0.1 false");
    let both = ShellConfig {
        trusted_proxies: "127.0.0.1, 203.0.113.0/24".parse().unwrap(),
        ..ShellConfig::default()
    };
    assert_eq!(seen(both, forwarded).await, "198.51.100.1 false");
}
