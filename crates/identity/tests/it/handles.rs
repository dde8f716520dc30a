//! Handles and the DIDs they lead to.

use std::time::Duration;

use hickory_resolver::proto::rr::RecordType;
use identity::{Error, Resolver, ResolverConfig};

use crate::world::{ALICE, BOB, World, did, handle};

const WELL_KNOWN: &str = "alice.test/.well-known/atproto-did";
const TXT: &str = "_atproto.alice.test";

/// A resolver that asks the world's server for `.test` handles.
fn with_hosts(world: &World) -> Resolver {
    world.resolver_with(ResolverConfig { test_handles: Some(world.url("/")), ..world.config() })
}

async fn resolve(resolver: &Resolver, text: &str) -> Result<String, Error> {
    Ok(resolver.resolve_handle(&handle(text)).await?.to_string())
}

fn txt_value(did: &str) -> String {
    format!("did={did}")
}

#[tokio::test]
async fn by_dns() {
    let world = World::new().await;
    world.dns.txt(TXT, &["unrelated", &txt_value(ALICE)]);
    assert_eq!(resolve(&world.resolver(), "alice.test").await.unwrap(), ALICE);
}

#[tokio::test]
async fn by_the_host() {
    let world = World::new().await;
    world.page(WELL_KNOWN, 200, format!("{ALICE}\r\nsecond line"));
    assert_eq!(resolve(&with_hosts(&world), "alice.test").await.unwrap(), ALICE);
    let error = resolve(&world.resolver(), "alice.test").await.unwrap_err();
    assert!(matches!(error, Error::HandleNotFound { .. }), "not configured: {error:?}");
}

#[tokio::test]
async fn dns_wins_however_slow() {
    let world = World::new().await;
    world.dns.txt(TXT, &[&txt_value(ALICE)]);
    world.page(WELL_KNOWN, 200, BOB);
    for _ in 0..10 {
        assert_eq!(resolve(&with_hosts(&world), "alice.test").await.unwrap(), ALICE);
    }
}

#[tokio::test]
async fn the_host_is_not_waited_for_when_dns_knows() {
    let world = World::new().await;
    world.dns.txt(TXT, &[&txt_value(ALICE)]);
    world.slow_page(WELL_KNOWN, 200, BOB, Duration::from_mins(1));
    let resolver = with_hosts(&world);
    let answer = tokio::time::timeout(Duration::from_secs(4), resolve(&resolver, "alice.test")).await;
    assert_eq!(answer.unwrap().unwrap(), ALICE);
}

#[tokio::test]
async fn two_dids_in_dns_are_none() {
    let world = World::new().await;
    world.dns.txt(TXT, &[&txt_value(ALICE), &txt_value(BOB)]);
    world.page(WELL_KNOWN, 200, ALICE);
    let error = resolve(&with_hosts(&world), "alice.test").await.unwrap_err();
    assert!(matches!(error, Error::AmbiguousHandle { .. }) && !error.is_transient(), "{error:?}");
}

#[tokio::test]
async fn a_host_that_says_something_else() {
    let world = World::new().await;
    for (status, body) in [
        (200, "<!doctype html>".to_owned()),
        (200, String::new()),
        (200, format!("{}\n{ALICE}", "x".repeat(3000))),
        (404, ALICE.to_owned()),
        (302, ALICE.to_owned()),
    ] {
        world.page(WELL_KNOWN, status, body.clone());
        let error = resolve(&with_hosts(&world), "alice.test").await.unwrap_err();
        assert!(error.is_not_found(), "{status} {body:.20}: {error:?}");
    }
}

#[tokio::test]
async fn a_host_speaks_for_itself_only() {
    let world = World::new().await;
    let port = world.server.port();
    world.page("alice.test/elsewhere", 200, ALICE);
    world.page("/elsewhere", 200, BOB);
    world.redirect(WELL_KNOWN, "/elsewhere");
    assert_eq!(resolve(&with_hosts(&world), "alice.test").await.unwrap(), ALICE);
    world.redirect(WELL_KNOWN, &format!("http://localhost:{port}/elsewhere"));
    let error = resolve(&with_hosts(&world), "alice.test").await.unwrap_err();
    assert!(error.is_not_found(), "{error:?}");
    assert_eq!(world.hits("/elsewhere"), 0);
}

#[tokio::test]
async fn failing_sources_are_not_an_answer() {
    let world = World::new().await;
    world.dns.fail(TXT, RecordType::TXT);
    let error = resolve(&with_hosts(&world), "alice.test").await.unwrap_err();
    assert!(matches!(error, Error::HandleUnavailable { .. }) && error.is_transient(), "DNS: {error:?}");

    world.page(WELL_KNOWN, 200, ALICE);
    assert_eq!(resolve(&with_hosts(&world), "alice.test").await.unwrap(), ALICE, "the host still counts");

    world.dns.txt(TXT, &["unrelated"]);
    world.page(WELL_KNOWN, 500, "");
    let error = resolve(&with_hosts(&world), "alice.test").await.unwrap_err();
    assert!(matches!(error, Error::HandleUnavailable { .. }) && error.is_transient(), "host: {error:?}");
}

#[tokio::test]
async fn other_handles_are_asked_for_at_their_own_host() {
    let world = World::new().await;
    world.dns.addresses("alice.net", &["10.0.0.1"]);
    let error = resolve(&with_hosts(&world), "alice.net").await.unwrap_err();
    assert!(matches!(error, Error::HandleNotFound { .. }), "{error:?}");
    assert_eq!(world.dns.asked("_atproto.alice.net", RecordType::TXT), 1);
    assert_eq!(world.dns.asked("alice.net", RecordType::A), 1);
    assert_eq!(world.hits("alice.net/.well-known/atproto-did"), 0);
}

#[tokio::test]
async fn reserved_names_are_not_asked_for() {
    let world = World::new().await;
    let production = world.resolver_with(ResolverConfig { dev: false, ..world.config() });
    for text in [
        "alice.test",
        "alice.local",
        "alice.localhost",
        "alice.internal",
        "handle.invalid",
        "a.onion",
        "a.arpa",
    ] {
        world.dns.txt(&format!("_atproto.{text}"), &[&txt_value(ALICE)]);
        let error = resolve(&production, text).await.unwrap_err();
        assert!(matches!(error, Error::ReservedHandle { .. }), "{text}: {error:?}");
        assert_eq!(world.dns.asked(&format!("_atproto.{text}"), RecordType::TXT), 0, "{text}");
    }
    assert_eq!(production.resolve_handle(&handle("alice.test")).await.ok(), None::<atproto::Did>);
    assert_eq!(world.resolver().resolve_handle(&handle("alice.test")).await.unwrap(), did(ALICE));
}
