//! What is forgotten, and what is not.

use clock::now_micros;

use crate::rig::{ALICE, note, on_each_engine};
use testkit::labeler::say;

const HOUR: i64 = 3_600_000_000;

#[tokio::test(flavor = "multi_thread")]
async fn records_that_are_not_here_lose_their_labels_and_accounts_keep_theirs() {
    on_each_engine(|rig| async move {
        let labeler = rig.labeler("mod").await;
        let did = labeler.did.as_str();
        let (kept, deleted) = (rig.note("kept").await, rig.note("deleted").await);
        let running = rig.start();
        let subjects =
            [&*kept, &*deleted, &*note("never"), ALICE, "did:plc:stranger", "at://did:plc:stranger"];
        let seq = labeler.say(&subjects.map(|uri| say(did, uri, "spam")));
        rig.committed(&labeler, seq).await;
        running.stop().await;
        let alice = ALICE.parse().unwrap();
        let collection = "com.example.note".parse().unwrap();
        assert!(
            rig.records.delete(&alice, &collection, &"deleted".parse().unwrap(), "operator").await.unwrap()
        );

        // A label may be here before its record.
        assert_eq!(rig.labels.collect(now_micros()).await.unwrap(), 0);
        assert_eq!(rig.labels.collect(now_micros() + 2 * HOUR).await.unwrap(), 2);
        let mut left = Vec::new();
        for subject in subjects {
            if !rig.values(subject).await.is_empty() {
                left.push(subject);
            }
        }
        assert_eq!(left, [&*kept, ALICE, "did:plc:stranger", "at://did:plc:stranger"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn expired_labels_are_invisible_before_they_are_gone() {
    on_each_engine(|rig| async move {
        let labeler = rig.labeler("mod").await;
        let did = labeler.did.as_str();
        let running = rig.start();
        let seq = labeler.say(&[
            // Later as text, earlier as a time.
            say(did, ALICE, "expired").until("2026-01-01T12:00:00+14:00"),
            say(did, ALICE, "valid").until("2999-12-31T23:00:00-12:00"),
            say(did, ALICE, "taken back").negated(),
        ]);
        rig.committed(&labeler, seq).await;
        running.stop().await;
        let seen = rig.of(ALICE).await;
        assert_eq!(seen.iter().map(|label| label.val.as_str()).collect::<Vec<_>>(), ["valid"]);
        let view = rig.store.index.read(|conn| {
            conn.query::<_, store::Error>("SELECT src, uri, val, cts, exp FROM labels", &[], |row| {
                row.string(2)
            })
        });
        assert_eq!(view.await.unwrap(), ["valid"]);
        assert_eq!(rig.rows().await, 3);
        assert_eq!(rig.labels.collect(now_micros()).await.unwrap(), 1);
        assert_eq!(rig.labels.collect(now_micros() + 2 * HOUR).await.unwrap(), 1);
        assert_eq!(rig.rows().await, 1);
    })
    .await;
}

/// A removal that was interrupted after its first step.
#[tokio::test(flavor = "multi_thread")]
async fn labels_of_nobodys_labelers_go() {
    on_each_engine(|rig| async move {
        let labeler = rig.labeler("mod").await;
        let running = rig.start();
        let seq = labeler.say(&[say(labeler.did.as_str(), ALICE, "spam")]);
        rig.committed(&labeler, seq).await;
        running.stop().await;
        rig.store.state.write(|conn| conn.execute("DELETE FROM labelers", &[])).await.unwrap();
        assert_eq!(rig.labels.collect(now_micros()).await.unwrap(), 1);
        assert!(rig.of(ALICE).await.is_empty());
    })
    .await;
}
