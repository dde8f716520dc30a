//! What is known better here: by the stream, and by decision.

use std::collections::BTreeSet;
use std::time::Duration;

use atproto::RecordKey;
use events::EventLog;
use readthrough::How;
use records::{Ingest, IngestConfig, IngestParts, Interest, Wanted};
use serde_json::json;
use testkit::sim::{Behaviour, Lie};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::rig::{Rig, note, on_each, plan};

impl Rig {
    /// Follows the stream until what is returned is dropped.
    async fn follow(&self) -> DropGuard {
        let wanted = Wanted::default();
        wanted.set("test", Interest { index: BTreeSet::from([note()]), watch: BTreeSet::new() });
        let ingest = Ingest::new(IngestParts {
            records: self.records.clone(),
            events: EventLog::open(&self.store.state, None).0,
            outbound: self.outbound.clone(),
            resolver: self.resolver.clone(),
            wanted,
            hooks: Vec::new(),
            config: IngestConfig {
                compress: false,
                ..IngestConfig::new(self.sim.jetstream(), "test".to_owned())
            },
        });
        let stop = CancellationToken::new();
        tokio::spawn(ingest.run(stop.clone()));
        eventually(async || self.sim.subscribers() > 0).await;
        stop.drop_guard()
    }
}

async fn eventually(condition: impl AsyncFn() -> bool) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    while !condition().await {
        assert!(tokio::time::Instant::now() < deadline, "it never happens");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_by_the_stream_is_newer_than_an_old_answer() {
    on_each(plan(1, 2), async |rig| {
        let _following = rig.follow().await;
        let did = rig.account(0);
        let key = &rig.keys(&did)[0];
        assert_eq!(rig.how(&did, key).await, How::Fetched);
        rig.sim.delete(&did, &note(), key);
        eventually(async || rig.indexed().await.is_empty()).await;
        rig.sim.behave(0, Behaviour::Lying(Lie::Rollback));
        assert_eq!(rig.how(&did, key).await, How::Absent);
        assert!(rig.indexed().await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_stream_brings_while_we_ask_stays() {
    on_each(plan(1, 1), async |rig| {
        let _following = rig.follow().await;
        let did = rig.account(0);
        let key = &rig.keys(&did)[0];
        rig.sim.behave(0, Behaviour::Lying(Lie::Rollback));
        rig.sim.write(&did, &note(), key, json!({"$type": note(), "text": "newer"}));
        eventually(async || !rig.indexed().await.is_empty()).await;
        // Another key, whose answer comes from the same old tree.
        let other = RecordKey::parse("other").unwrap();
        assert_eq!(rig.how(&did, &other).await, How::Absent);
        let answer = rig.get(&did, key).await;
        assert_eq!(answer.how, How::Here);
        assert!(answer.record.unwrap().json.contains("newer"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_operator_deleted_is_not_brought_back() {
    on_each(plan(1, 1), async |rig| {
        let did = rig.account(0);
        let key = &rig.keys(&did)[0];
        assert_eq!(rig.how(&did, key).await, How::Fetched);
        assert!(rig.records.delete(&did, &note(), key, "operator").await.unwrap());
        assert_eq!(rig.how(&did, key).await, How::Absent);
        rig.asked();
        assert_eq!(rig.how(&did, key).await, How::KnownAbsent);
        assert_eq!(rig.asked(), 0);
        assert!(rig.indexed().await.is_empty());
        // It was decided about that version.
        rig.cache.delete(&format!("read:no:at://{did}/{}/{key}", note())).await.unwrap();
        rig.sim.write(&did, &note(), key, json!({"$type": note(), "text": "another"}));
        assert_eq!(rig.how(&did, key).await, How::Fetched);
    })
    .await;
}
