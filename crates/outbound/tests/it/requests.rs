//! What is sent and what comes back.

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Redirect;
use axum::routing::{any, get};
use bytes::Bytes;
use futures::stream;
use hickory_resolver::proto::rr::RecordType;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method};
use outbound::{Error, OutboundConfig, Redirects, Refusal};
use serde_json::{Value, json};

use crate::network::{client, development, failure, serve, url};
use testkit::DnsServer;

/// Answers with the request as JSON.
fn mirror() -> Router {
    let mirror = |request: Request| async move {
        let (parts, body) = request.into_parts();
        let header = |name| parts.headers.get(name).map(|value: &http::HeaderValue| value.to_str().unwrap());
        let body = axum::body::to_bytes(body, 1000).await.unwrap();
        let seen = json!({
            "method": parts.method.as_str(),
            "path": parts.uri.to_string(),
            "user-agent": header("user-agent"),
            "accept": header("accept"),
            "accept-encoding": header("accept-encoding"),
            "content-type": header("content-type"),
            "content-length": header("content-length"),
            "body": String::from_utf8_lossy(&body),
        });
        axum::Json(seen)
    };
    Router::new().route("/{*path}", any(mirror))
}

#[tokio::test]
async fn a_get_request() {
    let server = serve(mirror()).await;
    let outbound = client(development());
    let answer: Value = outbound.get_json(&url(format!("http://{server}/a/b?c=d"))).await.unwrap();
    let expected = json!({
        "method": "GET",
        "path": "/a/b?c=d",
        "user-agent": concat!("belvedere/", env!("CARGO_PKG_VERSION")),
        "accept": "application/json",
        "accept-encoding": "gzip,br",
        "content-type": null,
        "content-length": null,
        "body": "",
    });
    assert_eq!(answer, expected);
}

#[tokio::test]
async fn a_request_with_a_body() {
    let server = serve(mirror()).await;
    let outbound = client(development());
    let answer = outbound
        .request(Method::POST, &url(format!("http://{server}/x")))
        .accept("*/*")
        .body("application/x-www-form-urlencoded", "a=b")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers[CONTENT_TYPE], "application/json");
    let seen: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(seen["method"], "POST");
    assert_eq!(seen["content-type"], "application/x-www-form-urlencoded");
    assert_eq!(seen["body"], "a=b");
}

#[tokio::test]
async fn a_request_with_a_body_that_comes_in_pieces() {
    let server = serve(mirror().route("/moved", any(async || Redirect::temporary("/x")))).await;
    let outbound = client(development());
    let pieces = || stream::iter(["a=", "b"].map(|piece| Ok::<_, std::io::Error>(Bytes::from(piece))));
    for (length, announced) in [(Some(3), json!("3")), (None, Value::Null)] {
        let request = outbound.request(Method::POST, &url(format!("http://{server}/x")));
        let request = request.header(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        let answer: Value = request.stream(length, pieces()).json().await.unwrap();
        assert_eq!((&answer["body"], &answer["content-type"]), (&json!("a=b"), &json!("text/plain")));
        assert_eq!(answer["content-length"], announced);
    }
    // There is nothing left to send elsewhere.
    let request = outbound.get(&url(format!("http://{server}/moved"))).stream(None, pieces());
    let moved = request.redirects(Redirects::Any(5)).send().await.unwrap();
    assert_eq!(moved.status, StatusCode::TEMPORARY_REDIRECT);
    let broken = stream::iter([Ok(Bytes::from("a=")), Err(std::io::Error::other("gone"))]);
    let request = outbound.request(Method::POST, &url(format!("http://{server}/x")));
    let error = request.stream(Some(3), broken).send().await.unwrap_err();
    assert!(matches!(error, Error::Transfer { .. }), "{error:?}");
}

#[tokio::test]
async fn json_needs_success_and_json() {
    let router = Router::new()
        .route("/missing", get(|| async { (StatusCode::NOT_FOUND, "{}") }))
        .route("/broken", get(|| async { (StatusCode::INTERNAL_SERVER_ERROR, "{}") }))
        .route("/text", get(|| async { "hello" }))
        .route("/deep", get(|| async { "[".repeat(100_000) }));
    let server = serve(router).await;
    let outbound = client(development());
    let get = async |path: &str| {
        let url = url(format!("http://{server}{path}"));
        outbound.get_json::<Value>(&url).await.unwrap_err()
    };
    let missing = get("/missing").await;
    assert_eq!(missing.to_string(), format!("GET {server} answered 404 Not Found"));
    assert!(!missing.is_transient());
    assert!(get("/broken").await.is_transient());
    assert!(matches!(get("/text").await, Error::Json { .. }));
    assert!(matches!(get("/deep").await, Error::Json { .. }));
}

#[tokio::test]
async fn names_that_do_not_and_cannot_exist() {
    let dns = DnsServer::start().await;
    let outbound = client(OutboundConfig { dns: Some(dns.address), ..development() });
    let error = failure(&outbound, "https://nowhere.net/").await;
    assert!(matches!(error, Error::NoAddress { .. }), "{error:?}");
    assert!(!error.is_transient());
    for name in ["x".repeat(64) + ".net", "x.".repeat(130) + "net", "a..net".to_owned()] {
        let error = failure(&outbound, format!("https://{name}/")).await;
        assert!(matches!(error, Error::Refused { reason: Refusal::Url, .. }), "{error:?}");
    }
}

#[tokio::test]
async fn a_dns_server_that_fails() {
    let dns = DnsServer::start().await;
    dns.fail("broken.net", RecordType::A);
    dns.fail("broken.net", RecordType::AAAA);
    let outbound = client(OutboundConfig { dns: Some(dns.address), ..development() });
    let error = failure(&outbound, "https://broken.net/").await;
    assert!(matches!(error, Error::Dns { .. }) && error.is_transient(), "{error:?}");
}
