//! Redirects, each of which passes the guard again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::Path;
use axum::http::header::{ACCEPT, AUTHORIZATION, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::routing::{any, get};
use http::Method;
use outbound::{Error, Range, Redirects, Refusal};

use crate::network::{client, development, failure, serve, url};

fn redirect_to(target: String) -> Router {
    Router::new().route(
        "/",
        any(move || {
            let target = target.clone();
            async move { (StatusCode::FOUND, [(LOCATION, target)]) }
        }),
    )
}

#[tokio::test]
async fn to_special_addresses() {
    let outbound = client(development());
    for (target, reason) in [
        ("http://169.254.169.254/latest/meta-data/", Refusal::Address(Range::LinkLocal)),
        ("https://10.0.0.1/", Refusal::Address(Range::Private)),
        ("//0xA9FEA9FE/", Refusal::Address(Range::LinkLocal)),
        ("http://[::ffff:127.0.0.1]/", Refusal::Address(Range::EmbeddedIpv4)),
        ("http://93.184.216.34/", Refusal::Plain),
        ("file:///etc/passwd", Refusal::Scheme),
        ("http://admin:admin@127.0.0.1/", Refusal::Credentials),
    ] {
        let server = serve(redirect_to(target.to_owned())).await;
        match failure(&outbound, format!("http://{server}/")).await {
            Error::Refused { reason: found, .. } => assert_eq!(found, reason, "{target}"),
            error => panic!("{target}: {error:?}"),
        }
    }
}

#[tokio::test]
async fn loops_end() {
    let hops = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&hops);
    let router = Router::new().route(
        "/{n}",
        get(move |Path(n): Path<u32>| {
            counted.fetch_add(1, Ordering::Relaxed);
            async move { (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, format!("/{}", n + 1))]) }
        }),
    );
    let server = serve(router).await;
    let error = failure(&client(development()), format!("http://{server}/0")).await;
    assert!(matches!(error, Error::TooManyRedirects { limit: 5, .. }), "{error:?}");
    assert_eq!(hops.load(Ordering::Relaxed), 6);
}

#[tokio::test]
async fn are_followed_within_bounds_and_without_secrets() {
    let seen = |headers: HeaderMap| async move {
        let value = |name| headers.get(name).map_or("", |value: &HeaderValue| value.to_str().unwrap());
        format!("{}|{}", value(ACCEPT), value(AUTHORIZATION))
    };
    let end = serve(Router::new().route("/end", get(seen))).await;
    let start = serve(redirect_to(format!("http://{end}/end"))).await;
    let outbound = client(development());
    let secret = HeaderValue::from_static("Bearer secret");
    let answer = outbound
        .get(&url(format!("http://{start}/")))
        .accept("text/plain")
        .header(AUTHORIZATION, secret)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.body, "text/plain|");
    assert_eq!(answer.final_url, url(format!("http://{end}/end")));
}

#[tokio::test]
async fn may_be_declined_or_kept_to_one_host() {
    let end = serve(Router::new().route("/", get(|| async { "end" }))).await;
    let same_host = serve(redirect_to(format!("http://{end}/"))).await;
    let other_host = serve(redirect_to(format!("http://localhost:{}/", end.port()))).await;
    let outbound = client(development());
    let get = |server, redirects| outbound.get(&url(format!("http://{server}/"))).redirects(redirects);

    let answer = get(same_host, Redirects::None).send().await.unwrap();
    assert_eq!((answer.status, answer.body.as_ref()), (StatusCode::FOUND, &b""[..]));
    let answer = get(same_host, Redirects::SameHost(1)).send().await.unwrap();
    assert_eq!(answer.body, "end");
    let answer = get(other_host, Redirects::Any(1)).send().await.unwrap();
    assert_eq!(answer.body, "end");
    let error = get(other_host, Redirects::SameHost(1)).send().await.unwrap_err();
    assert!(matches!(error, Error::Refused { reason: Refusal::OtherHost, .. }), "{error:?}");
}

#[tokio::test]
async fn are_not_followed_for_other_methods() {
    let end = serve(Router::new().route("/", any(|| async { "end" }))).await;
    let start = serve(redirect_to(format!("http://{end}/"))).await;
    let outbound = client(development());
    let answer = outbound
        .request(Method::POST, &url(format!("http://{start}/")))
        .body("text/plain", "secret")
        .redirects(Redirects::Any(5))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status, StatusCode::FOUND);
}
