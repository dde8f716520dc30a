//! What is remembered, for how long, and what ends it.

use std::time::Duration;

use futures::future::join_all;
use hickory_resolver::proto::rr::RecordType;
use identity::{Error, ResolverConfig};
use metrics_exporter_prometheus::PrometheusBuilder;

use crate::world::{ALICE, BOB, World, did, handle};

const NOW: Duration = Duration::ZERO;
const TICK: Duration = Duration::from_millis(10);

fn claimed(identity: &identity::Identity) -> &str {
    identity.handle.as_ref().unwrap().as_str()
}

#[tokio::test]
async fn parallel_questions_are_one_request() {
    let world = World::new().await;
    let document = world.document(ALICE, "alice.test").to_string();
    world.slow_page(&format!("/plc/{ALICE}"), 200, document, TICK);
    world.dns.txt("_atproto.alice.test", &[&format!("did={ALICE}")]);
    let resolver = world.resolver();
    let (alice, name) = (did(ALICE), handle("alice.test"));

    let identities = join_all((0..50).map(|_| resolver.resolve_did(&alice))).await;
    assert!(identities.iter().all(|found| claimed(found.as_ref().unwrap()) == "alice.test"));
    assert_eq!(world.asked_plc(ALICE), 1);

    let dids = join_all((0..50).map(|_| resolver.resolve_handle(&name))).await;
    assert!(dids.iter().all(|found| *found.as_ref().unwrap() == alice));
    assert_eq!(world.dns.asked("_atproto.alice.test", RecordType::TXT), 1);
}

#[tokio::test]
async fn a_question_survives_whoever_asked_first() {
    let world = World::new().await;
    let document = world.document(ALICE, "alice.test").to_string();
    world.slow_page(&format!("/plc/{ALICE}"), 200, document, 10 * TICK);
    let resolver = world.resolver();
    let impatient = {
        let resolver = resolver.clone();
        tokio::spawn(async move { resolver.resolve_did(&did(ALICE)).await })
    };
    world.until_asked_plc(ALICE).await;
    let alice = did(ALICE);
    let give_up = async {
        tokio::time::sleep(TICK).await;
        impatient.abort();
    };
    let (patient, ()) = tokio::join!(resolver.resolve_did(&alice), give_up);
    assert_eq!(claimed(&patient.unwrap()), "alice.test");
}

#[tokio::test]
async fn absence_is_remembered_for_a_while() {
    let world = World::new().await;
    let resolver = world.resolver();
    for _ in 0..3 {
        assert!(resolver.resolve_did(&did(ALICE)).await.unwrap_err().is_not_found());
        assert!(resolver.resolve_handle(&handle("alice.test")).await.unwrap_err().is_not_found());
    }
    assert_eq!(world.asked_plc(ALICE), 1);
    assert_eq!(world.dns.asked("_atproto.alice.test", RecordType::TXT), 1);

    let forgetful = world.resolver_with(ResolverConfig { negative_ttl: NOW, ..world.config() });
    assert!(forgetful.resolve_did(&did(ALICE)).await.is_err());
    world.account(ALICE, "alice.test");
    assert!(forgetful.resolve_did(&did(ALICE)).await.is_ok());
}

#[tokio::test]
async fn answers_are_asked_for_again_after_a_while() {
    let world = World::new().await;
    world.account(ALICE, "alice.test");
    let resolver = world.resolver_with(ResolverConfig { refresh_after: NOW, ..world.config() });
    resolver.resolve_did(&did(ALICE)).await.unwrap();
    world.account(ALICE, "renamed.test");
    assert_eq!(claimed(&resolver.resolve_did(&did(ALICE)).await.unwrap()), "renamed.test");
}

#[tokio::test]
async fn a_source_that_is_down_is_answered_for() {
    let world = World::new().await;
    world.account(ALICE, "alice.test");
    let config = ResolverConfig { refresh_after: NOW, ..world.config() };
    let resolver = world.resolver_with(config);
    resolver.resolve_did(&did(ALICE)).await.unwrap();

    world.page(&format!("/plc/{ALICE}"), 500, "");
    for _ in 0..3 {
        assert_eq!(claimed(&resolver.resolve_did(&did(ALICE)).await.unwrap()), "alice.test");
    }
    assert_eq!(world.asked_plc(ALICE), 2, "a source that is down is left alone for a while");
    let error = resolver.resolve_did(&did(BOB)).await.unwrap_err();
    assert!(error.is_not_found(), "what was never known stays unknown: {error:?}");
}

#[tokio::test]
async fn not_for_ever() {
    let world = World::new().await;
    world.account(ALICE, "alice.test");
    let config = ResolverConfig { refresh_after: NOW, stale_for: TICK, ..world.config() };
    let resolver = world.resolver_with(config);
    resolver.resolve_did(&did(ALICE)).await.unwrap();
    world.page(&format!("/plc/{ALICE}"), 500, "");
    tokio::time::sleep(2 * TICK).await;
    let error = resolver.resolve_did(&did(ALICE)).await.unwrap_err();
    assert!(matches!(error, Error::DidUnavailable { .. }) && error.is_transient(), "{error:?}");
}

#[tokio::test]
async fn deletion_is_an_answer_not_an_outage() {
    let world = World::new().await;
    world.account(ALICE, "alice.test");
    let config = ResolverConfig { refresh_after: NOW, negative_ttl: NOW, failure_ttl: NOW, ..world.config() };
    let resolver = world.resolver_with(config);
    resolver.resolve_did(&did(ALICE)).await.unwrap();
    world.page(&format!("/plc/{ALICE}"), 410, "");
    assert!(resolver.resolve_did(&did(ALICE)).await.unwrap_err().is_not_found());
    world.page(&format!("/plc/{ALICE}"), 500, "");
    let error = resolver.resolve_did(&did(ALICE)).await.unwrap_err();
    assert!(error.is_transient(), "nothing of the deleted account stands in: {error:?}");
}

#[tokio::test]
async fn invalidation_forgets_the_document_and_its_handle() {
    let world = World::new().await;
    world.account(ALICE, "alice.test");
    world.dns.txt("_atproto.alice.test", &[&format!("did={ALICE}")]);
    let resolver = world.resolver();
    resolver.resolve_did(&did(ALICE)).await.unwrap();
    resolver.resolve_handle(&handle("alice.test")).await.unwrap();

    world.account(ALICE, "renamed.test");
    world.dns.txt("_atproto.alice.test", &[&format!("did={BOB}")]);
    resolver.invalidate(&did(ALICE)).await;
    assert_eq!(claimed(&resolver.resolve_did(&did(ALICE)).await.unwrap()), "renamed.test");
    assert_eq!(resolver.resolve_handle(&handle("alice.test")).await.unwrap(), did(BOB));

    resolver.invalidate(&did(ALICE)).await;
    world.page(&format!("/plc/{ALICE}"), 500, "");
    let error = resolver.resolve_did(&did(ALICE)).await.unwrap_err();
    assert!(error.is_transient(), "what is known to be outdated does not stand in: {error:?}");
}

#[tokio::test]
async fn an_answer_overtaken_by_an_invalidation_is_not_kept() {
    let world = World::new().await;
    let old = world.document(ALICE, "alice.test").to_string();
    world.slow_page(&format!("/plc/{ALICE}"), 200, old, 5 * TICK);
    let resolver = world.resolver();
    let under_way = {
        let resolver = resolver.clone();
        tokio::spawn(async move { resolver.resolve_did(&did(ALICE)).await })
    };
    world.until_asked_plc(ALICE).await;
    world.account(ALICE, "renamed.test");
    resolver.invalidate(&did(ALICE)).await;
    assert_eq!(claimed(&under_way.await.unwrap().unwrap()), "alice.test");
    assert_eq!(claimed(&resolver.resolve_did(&did(ALICE)).await.unwrap()), "renamed.test");
}

#[tokio::test]
async fn refreshing_asks_again_but_not_all_the_time() {
    let world = World::new().await;
    world.account(ALICE, "alice.test");
    let resolver = world.resolver_with(ResolverConfig { refresh_floor: NOW, ..world.config() });
    resolver.resolve_did(&did(ALICE)).await.unwrap();
    world.account(ALICE, "renamed.test");
    assert_eq!(claimed(&resolver.refresh(&did(ALICE)).await.unwrap()), "renamed.test");
    world.page(&format!("/plc/{ALICE}"), 500, "");
    assert_eq!(claimed(&resolver.refresh(&did(ALICE)).await.unwrap()), "renamed.test", "the source is down");

    let world = World::new().await;
    world.account(ALICE, "alice.test");
    let resolver = world.resolver();
    for _ in 0..5 {
        resolver.refresh(&did(ALICE)).await.unwrap();
    }
    assert_eq!(world.asked_plc(ALICE), 1, "forged signatures do not cost the directory a request each");
}

#[tokio::test]
async fn questions_are_counted() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    // The test runs on one thread, so everything it does is recorded here.
    let _local = metrics::set_default_local_recorder(&recorder);

    let world = World::new().await;
    world.account(ALICE, "alice.test");
    let resolver = world.resolver();
    for text in [ALICE, ALICE, ALICE, BOB] {
        let _ = resolver.resolve_did(&did(text)).await;
    }
    let text = handle.render();
    for line in [
        r#"identity_lookups_total{kind="did",outcome="found"} 1"#,
        r#"identity_lookups_total{kind="did",outcome="remembered"} 2"#,
        r#"identity_lookups_total{kind="did",outcome="not_found"} 1"#,
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
}
