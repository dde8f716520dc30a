//! Two instances, one stream.

use records::{IngestState, Lease, SCHEMAS};
use serde_json::json;
use store::Role;
use testkit::on_each_engine;

use crate::rig::{ALICE, Rig, rev};
use crate::stream::create;

const T: i64 = 1_750_000_000_000_000;

#[tokio::test(flavor = "multi_thread")]
async fn only_one_follows_and_the_other_takes_over() {
    on_each_engine(&SCHEMAS, |store| async move {
        let rig = Rig::new(store).await;
        let mut first = rig.start_as("first", Vec::new());
        first.live().await;
        let mut second = rig.start_as("second", Vec::new());
        second.until(|status| status.state == IngestState::Standby).await;
        rig.stream.send(T, create(ALICE, "a", &rev(1), T, &json!({})));
        rig.committed(&mut first, T).await;
        // An orderly stop gives the lease back.
        first.stop().await;
        second.live().await;
        rig.stream.send(T + 1, create(ALICE, "b", &rev(2), T + 1, &json!({})));
        rig.committed(&mut second, T + 1).await;
        assert_eq!(rig.all().await.len(), 2);
        second.stop().await;
    })
    .await;
}

/// An instance that was thought dead cannot commit behind its successor's back.
#[tokio::test(flavor = "multi_thread")]
async fn a_lease_that_changed_hands_is_noticed_at_the_next_commit() {
    on_each_engine(&SCHEMAS, |store| async move {
        let rig = Rig::new(store).await;
        let mut first = rig.start_as("first", Vec::new());
        first.live().await;
        rig.store
            .index
            .write(|conn| {
                conn.execute(
                    "UPDATE cursors SET holder = 'second', epoch = epoch + 1, lease_expires = 9000000000000000",
                    &[],
                )
            })
            .await
            .unwrap();
        rig.stream.send(T, create(ALICE, "a", &rev(1), T, &json!({})));
        first.until(|status| status.state == IngestState::Standby).await;
        assert!(rig.all().await.is_empty());
        assert_ne!(rig.cursor().await, Some(T));
        first.stop().await;
    })
    .await;
}

/// Labelers, jobs and scripts hold leases like the stream, and are not what is asked for.
#[tokio::test(flavor = "multi_thread")]
async fn only_streams_are_sources() {
    on_each_engine(&SCHEMAS, |store| async move {
        let rig = Rig::new(store).await;
        let mut leases = Vec::new();
        for name in ["labels/did:plc:mod", "backfill/1", "scripts/parked", "jetstream"] {
            leases.push(Lease::acquire(&rig.records, name, "first", Role::Ingest).await.unwrap().unwrap());
        }
        let sources = rig.records.sources().await.unwrap();
        assert_eq!(sources.iter().map(|source| source.name.as_str()).collect::<Vec<_>>(), ["jetstream"]);
    })
    .await;
}
