//! Labels of records that are new here.

use std::collections::BTreeSet;

use crate::rig::{eventually, note, on_each_engine};
use testkit::labeler::say;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_before_is_asked_for() {
    on_each_engine(|rig| async move {
        let labeler = rig.labeler("mod").await;
        let paused = rig.labeler("paused").await;
        rig.labelers.set_status(&paused.did, labels::LabelerStatus::Paused, None).await.unwrap();
        let did = labeler.did.as_str();
        labeler.answer_with(&[
            say(did, &note("1"), "spam"),
            say(did, &note("2"), "rude"),
            // Not asked for, and not its own.
            say(did, &note("9"), "spam"),
            say("did:plc:other", &note("1"), "spam"),
        ]);
        let (fetch, running) = rig.start_fetching();
        assert_eq!(fetch.fetch_for([note("1"), note("2"), note("3"), note("1")]), 4);
        eventually("labels come", async || rig.rows().await == 2).await;
        assert_eq!(rig.values(&note("2")).await, BTreeSet::from(["rude".into()]));
        eventually("both pages are asked for", async || labeler.queries().len() == 2).await;
        let asked: Vec<_> = labeler.queries()[0]
            .query_pairs()
            .filter(|(key, _)| key == "uriPatterns")
            .map(|(_, uri)| uri.into_owned())
            .collect();
        assert_eq!(asked, [note("1"), note("2"), note("3")], "each once");
        assert!(paused.queries().is_empty());
        running.stop().await;
        assert_eq!(rig.cursor(&labeler.did).await, None, "the stream is another matter");
    })
    .await;
}

/// An answer may be older than what the stream has brought.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_does_not_undo_what_was_said_since() {
    on_each_engine(|rig| async move {
        let labeler = rig.labeler("mod").await;
        let did = labeler.did.as_str();
        let following = rig.start();
        let seq = labeler.say(&[
            say(did, &note("1"), "spam").negated().at(1),
            say(did, &note("2"), "spam").negated().at(0),
        ]);
        rig.committed(&labeler, seq).await;
        labeler.answer_with(&[
            say(did, &note("1"), "spam"),
            say(did, &note("2"), "spam"),
            say(did, &note("2"), "late").at(2),
        ]);
        let (fetch, fetching) = rig.start_fetching();
        fetch.fetch_for([note("1"), note("2")]);
        eventually("the answer is stored", async || rig.rows().await == 3).await;
        assert!(rig.values(&note("1")).await.is_empty());
        assert_eq!(rig.values(&note("2")).await, BTreeSet::from(["late".into()]));
        fetching.stop().await;
        following.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_must_be_signed_too() {
    on_each_engine(|rig| async move {
        let labeler = rig.labeler("mod").await;
        let did = labeler.did.as_str();
        labeler.answer_with(&[say(did, &note("1"), "spam")]);
        labeler.sign_with(None);
        let (fetch, fetching) = rig.start_fetching();
        fetch.fetch_for([note("1")]);
        eventually("it is asked", async || labeler.queries().len() == 2).await;
        fetching.stop().await;
        assert_eq!(rig.rows().await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_is_bounded() {
    on_each_engine(|rig| async move {
        let (fetch, _fetcher) = labels::Fetch::open(rig.parts("one", Vec::new()));
        let taken = fetch.fetch_for((0..30_000).map(|n| note(&n.to_string())));
        assert_eq!(taken, 20_000);
    })
    .await;
}
