//! Two instances, one labeler.

use labels::{LabelerStatus, Labelers};

use crate::rig::{eventually, note, on_each_engine};
use testkit::labeler::say;

#[tokio::test(flavor = "multi_thread")]
async fn only_one_follows_and_the_other_takes_over() {
    on_each_engine(|rig| async move {
        let labeler = rig.labeler("mod").await;
        let did = labeler.did.as_str();
        let first = rig.start_as("first", Vec::new());
        let seq = labeler.say(&[say(did, &note("1"), "spam")]);
        rig.committed(&labeler, seq).await;
        let second = rig.start_as("second", Vec::new());
        let seq = labeler.say(&[say(did, &note("2"), "spam")]);
        rig.committed(&labeler, seq).await;
        assert_eq!(labeler.cursors().len(), 1);
        // An orderly stop gives the lease back.
        first.stop().await;
        let seq = labeler.say(&[say(did, &note("3"), "spam")]);
        rig.committed(&labeler, seq).await;
        assert_eq!(labeler.cursors(), [0, 2]);
        second.stop().await;
    })
    .await;
}

/// The instance that pauses is not the one that follows.
#[tokio::test(flavor = "multi_thread")]
async fn pausing_elsewhere_silences_at_once() {
    on_each_engine(|rig| async move {
        let labeler = rig.labeler("mod").await;
        let did = labeler.did.clone();
        let running = rig.start();
        let seq = labeler.say(&[say(did.as_str(), &note("1"), "spam")]);
        rig.committed(&labeler, seq).await;
        let elsewhere = Labelers::new(&rig.store, rig.events.clone());
        elsewhere.set_status(&did, LabelerStatus::Paused, None).await.unwrap();
        // It is still connected, and cannot write any more.
        labeler.say(&[say(did.as_str(), &note("2"), "spam")]);
        eventually("it is left", async || labeler.open_connections() == 0).await;
        assert_eq!(rig.cursor(&did).await, Some(seq));
        assert!(rig.values(&note("2")).await.is_empty());
        elsewhere.set_status(&did, LabelerStatus::Active, None).await.unwrap();
        eventually("it goes on", async || !rig.values(&note("2")).await.is_empty()).await;
        running.stop().await;
    })
    .await;
}
