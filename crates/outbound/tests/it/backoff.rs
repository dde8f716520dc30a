//! Limits per host, and hosts that are left alone for a while.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::routing::get;
use futures::future::join_all;
use outbound::{BackOff, Error, Outbound, OutboundConfig};
use tokio::net::TcpListener;

use crate::network::{client, development, failure, serve, serve_on, url};

/// Long enough not to be over before a busy machine gets round to the next request.
const PAUSE: Duration = Duration::from_millis(500);

fn quick() -> Outbound {
    let back_off = BackOff { first: PAUSE, longest: Duration::from_mins(2) };
    client(OutboundConfig { back_off, ..development() })
}

#[tokio::test]
async fn so_many_exchanges_at_a_time() {
    let (running, peak) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (run, top) = (Arc::clone(&running), Arc::clone(&peak));
    let handler = move || {
        let (running, peak) = (Arc::clone(&run), Arc::clone(&top));
        async move {
            peak.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(10)).await;
            running.fetch_sub(1, Ordering::SeqCst);
        }
    };
    let server = serve(Router::new().route("/", get(handler))).await;
    let outbound = client(OutboundConfig { per_host: 3, ..development() });
    let page = url(format!("http://{server}/"));
    let answers = join_all((0..20).map(|_| outbound.get(&page).send())).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(peak.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn waiting_for_a_place_counts_as_time() {
    let server =
        serve(Router::new().route("/", get(|| async { std::future::pending::<&str>().await }))).await;
    let outbound = client(OutboundConfig { per_host: 1, ..development() });
    let page = url(format!("http://{server}/"));
    let get = || outbound.get(&page).timeout(PAUSE).send();
    let (first, second) = tokio::join!(get(), get());
    assert!(matches!(first, Err(Error::Timeout { .. })));
    assert!(matches!(second, Err(Error::Timeout { .. })));
}

#[tokio::test]
async fn too_many_hosts() {
    let outbound = client(OutboundConfig { max_hosts: 1, ..development() });
    let slow = || async { std::future::pending::<&str>().await };
    let [a, b] = [serve(Router::new().route("/", get(slow))).await, serve(Router::new()).await];
    let page = url(format!("http://{a}/"));
    let waiting = outbound.get(&page).timeout(PAUSE).send();
    let (_, error) = tokio::join!(waiting, failure(&outbound, format!("http://{b}/")));
    assert!(matches!(error, Error::Busy { .. }) && error.is_transient(), "{error:?}");
}

#[tokio::test]
async fn after_a_failed_connection() {
    // A port that was free a moment ago.
    let address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let outbound = quick();
    let page = format!("http://{address}/");
    let first = failure(&outbound, &page).await;
    assert!(matches!(first, Error::Connect { .. }) && first.is_transient(), "{first:?}");
    assert!(!first.to_string().contains("os error"), "{first}");

    serve_on(&address.to_string(), Router::new().route("/", get(|| async { "up" }))).await;
    let second = failure(&outbound, &page).await;
    assert!(matches!(second, Error::BackingOff { .. }) && second.is_transient(), "{second:?}");
    assert!(second.retry_after().unwrap() <= PAUSE);

    tokio::time::sleep(PAUSE).await;
    assert_eq!(outbound.get(&url(page)).send().await.unwrap().body, "up");
}

#[tokio::test]
async fn after_429_and_503() {
    let outbound = quick();
    for (status, name, value, asked) in [
        (StatusCode::TOO_MANY_REQUESTS, "retry-after", "30", 30),
        (StatusCode::SERVICE_UNAVAILABLE, "ratelimit-reset", "50", 50),
        (StatusCode::TOO_MANY_REQUESTS, "retry-after", "86400", 120),
        (StatusCode::TOO_MANY_REQUESTS, "ratelimit-reset", "4102444800", 120),
    ] {
        let router = Router::new().route("/", get(move || async move { (status, [(name, value)]) }));
        let page = format!("http://{}/", serve(router).await);
        let first = outbound.get(&url(&page)).send().await.unwrap();
        assert_eq!(first.status, status, "the answer itself is handed over");
        let left = failure(&outbound, &page).await.retry_after().unwrap().as_secs();
        assert!((asked - 10..=asked).contains(&left), "{name}: {value}: {left}");
    }
}

#[tokio::test]
async fn one_host_does_not_slow_another() {
    let outbound = quick();
    let limited = || async { (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, "60")]) };
    let a = serve(Router::new().route("/", get(limited))).await;
    let b = serve(Router::new().route("/", get(|| async { "fine" }))).await;
    outbound.get(&url(format!("http://{a}/"))).send().await.unwrap();
    assert_eq!(outbound.get(&url(format!("http://{b}/"))).send().await.unwrap().body, "fine");
    assert!(failure(&outbound, format!("http://{a}/")).await.retry_after().is_some());
}
