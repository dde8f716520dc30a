//! Labelers come, rest and go.

use atproto::Did;
use labels::LabelerStatus;

use crate::rig::{eventually, note, on_each_engine};
use testkit::labeler::say;

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_labeler_is_silent_at_once_and_goes_on_where_it_was() {
    on_each_engine(|rig| async move {
        let labeler = rig.labeler("mod").await;
        let did = labeler.did.clone();
        let running = rig.start();
        let seq = labeler.say(&[say(did.as_str(), &note("1"), "spam")]);
        rig.committed(&labeler, seq).await;
        assert!(rig.labelers.set_status(&did, LabelerStatus::Paused, None).await.unwrap());
        let seq = labeler.say(&[say(did.as_str(), &note("2"), "spam")]);
        eventually("it is left", async || labeler.open_connections() == 0).await;
        assert!(rig.values(&note("2")).await.is_empty());
        assert!(!rig.values(&note("1")).await.is_empty(), "what it said stays");
        assert_eq!(rig.labelers.list().await.unwrap()[0].status, LabelerStatus::Paused);

        assert!(!rig.labelers.add(&did, None).await.unwrap(), "it is not new, and active again");
        rig.committed(&labeler, seq).await;
        assert_eq!(labeler.cursors(), [0, 1]);
        running.stop().await;
        let told = rig.told().await;
        let updates = told.iter().filter(|kind| *kind == "labeler.updated").count();
        assert_eq!(updates, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_labeler_takes_its_words_along() {
    on_each_engine(|rig| async move {
        let [labeler, other] = [rig.labeler("mod").await, rig.labeler("other").await];
        let did = labeler.did.clone();
        let running = rig.start();
        let first = labeler.say(&[say(did.as_str(), &note("1"), "spam")]);
        let theirs = other.say(&[say(other.did.as_str(), &note("1"), "fine")]);
        rig.committed(&labeler, first).await;
        rig.committed(&other, theirs).await;
        assert!(rig.labelers.remove(&did, Some("did:plc:operator")).await.unwrap());
        assert_eq!(rig.rows().await, 1);
        assert_eq!(rig.of(&note("1")).await[0].val, "fine");
        eventually("it is left", async || labeler.open_connections() == 0).await;
        assert!(!rig.labelers.remove(&did, None).await.unwrap());
        let name = format!("labels/{did}");
        eventually("nothing is left of it", async || {
            let (name, sql) = (name.clone(), "SELECT count(*) FROM cursors WHERE source = $1");
            let leases = rig.store.index.read(move |conn| {
                conn.query_one::<_, store::Error>(sql, &[store::v(&name)], |row| row.int(0))
            });
            leases.await.unwrap() == 0
        })
        .await;

        // It comes back as one that was never here.
        assert!(rig.labelers.add(&did, None).await.unwrap());
        rig.committed(&labeler, first).await;
        assert_eq!(labeler.cursors(), [0, 0]);
        running.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_have_no_status() {
    on_each_engine(|rig| async move {
        let did = Did::parse("did:plc:nobody").unwrap();
        assert!(!rig.labelers.set_status(&did, LabelerStatus::Active, None).await.unwrap());
        assert!(!rig.labelers.remove(&did, None).await.unwrap());
        assert!(rig.labelers.list().await.unwrap().is_empty());
        // One that cannot be reached can be subscribed to all the same.
        assert!(rig.labelers.add(&did, None).await.unwrap());
        let running = rig.start();
        assert_eq!(rig.labelers.active().await.unwrap(), [did]);
        running.stop().await;
    })
    .await;
}
