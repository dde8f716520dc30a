//! From a labeler's stream to labels, whatever interrupts it.

use std::collections::BTreeSet;

use shrike::cbor::Value;

use crate::rig::{ALICE, eventually, note, on_each_engine};
use testkit::labeler::{error, labels, message, say};

#[tokio::test(flavor = "multi_thread")]
async fn labels_arrive_and_negations_take_them_back() {
    on_each_engine(|rig| async move {
        let labeler = rig.labeler("mod").await;
        let running = rig.start();
        let did = labeler.did.as_str();
        let spam = say(did, &note("1"), "spam");
        labeler.say(&[spam.clone(), say(did, &note("1"), "rude"), say(did, ALICE, "bot")]);
        let seq = labeler.say(&[say(did, &note("2"), "spam").until("2999-01-01T00:00:00+02:00")]);
        rig.committed(&labeler, seq).await;
        assert_eq!(rig.values(&note("1")).await, BTreeSet::from(["rude".into(), "spam".into()]));
        assert_eq!(rig.values(ALICE).await, BTreeSet::from(["bot".into()]));
        let stored = rig.of(&note("2")).await;
        assert_eq!(stored[0].exp.as_deref(), Some("2999-01-01T00:00:00+02:00"), "as it was written");
        assert_eq!((stored[0].src.as_str(), stored[0].cts.as_str()), (did, "2026-01-01T00:00:00.000Z"));

        let seq = labeler.say(&[spam.negated().at(1)]);
        rig.committed(&labeler, seq).await;
        assert_eq!(rig.values(&note("1")).await, BTreeSet::from(["rude".into()]));
        running.stop().await;
        let told = rig.told().await;
        assert_eq!(told, ["labeler.added", "labeler.connected", "labeler.disconnected"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_later_counts_in_whichever_order_it_comes() {
    on_each_engine(|rig| async move {
        let labeler = rig.labeler("mod").await;
        let running = rig.start();
        let did = labeler.did.as_str();
        let spam = say(did, &note("1"), "spam");
        let rude = say(did, &note("1"), "rude");
        // The negation is older than the label it follows.
        labeler.say(&[spam.clone().at(5), spam.clone().negated().at(4)]);
        // The label is older than the negation it follows.
        labeler.say(&[rude.clone().negated().at(5), rude.clone().at(4)]);
        // At the very same time the order of the stream counts.
        let bot = say(did, &note("1"), "bot");
        let seq = labeler.say(&[bot.clone().negated().at(3), bot.at(3)]);
        rig.committed(&labeler, seq).await;
        assert_eq!(rig.values(&note("1")).await, BTreeSet::from(["bot".into(), "spam".into()]));
        running.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_here_is_not_asked_for_again_and_changes_nothing_when_it_comes() {
    on_each_engine(|rig| async move {
        let labeler = rig.labeler("mod").await;
        let did = labeler.did.as_str();
        let running = rig.start();
        labeler.say(&[say(did, &note("1"), "spam")]);
        let seq = labeler.say(&[say(did, &note("2"), "spam")]);
        rig.committed(&labeler, seq).await;
        running.stop().await;

        let running = rig.start();
        // Out of its turn: a number that has been.
        labeler.send(labels(1, &[say(did, &note("1"), "again").at(9)], labeler.key().as_ref()));
        let seq = labeler.say(&[say(did, &note("3"), "spam")]);
        rig.committed(&labeler, seq).await;
        assert_eq!(labeler.cursors(), [0, 2]);
        assert_eq!(rig.values(&note("1")).await, BTreeSet::from(["spam".into()]));
        running.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_it_loses_nothing() {
    const MESSAGES: usize = 200;
    on_each_engine(|rig| async move {
        let labeler = rig.labeler("mod").await;
        let did = labeler.did.clone();
        let mut last = 0;
        for n in 0..MESSAGES {
            // In pieces, so that several transactions are needed.
            if n % 20 == 0 {
                let running = rig.start();
                let half_way = last;
                eventually("it connects", async || labeler.open_connections() > 0).await;
                if n % 40 == 20 {
                    rig.committed(&labeler, half_way).await;
                }
                running.kill().await;
                eventually("it has gone", async || labeler.open_connections() == 0).await;
            }
            last = labeler.say(&[say(did.as_str(), &note(&format!("{n}")), "spam")]);
        }
        let running = rig.start();
        rig.committed(&labeler, last).await;
        assert_eq!(rig.rows().await, i64::try_from(MESSAGES).unwrap());
        running.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_connection_is_made_again() {
    on_each_engine(|rig| async move {
        let labeler = rig.labeler("mod").await;
        let did = labeler.did.clone();
        let running = rig.start();
        let seq = labeler.say(&[say(did.as_str(), &note("1"), "spam")]);
        rig.committed(&labeler, seq).await;
        labeler.refuse(Some(error("ConsumerTooSlow")));
        eventually("it tries several times", async || labeler.cursors().len() > 3).await;
        labeler.refuse(None);
        let info = Value::Map(vec![("name", Value::Text("OutdatedCursor"))]);
        labeler.send(message("#info", &info));
        labeler.send(message("#news", &info));
        let seq = labeler.say(&[say(did.as_str(), &note("2"), "spam")]);
        rig.committed(&labeler, seq).await;
        assert!(labeler.cursors()[1..].iter().all(|cursor| *cursor == 1));
        running.stop().await;
        let told = rig.told().await;
        assert_eq!(told[..3], ["labeler.added", "labeler.connected", "labeler.disconnected"]);
        assert_eq!(told.last().unwrap(), "labeler.disconnected");
    })
    .await;
}

/// A labeler whose database was lost begins at 1 again; its labels would never come otherwise.
#[tokio::test(flavor = "multi_thread")]
async fn a_labeler_that_counts_from_the_beginning_again_is_followed_from_there() {
    on_each_engine(|rig| async move {
        let labeler = rig.labeler("mod").await;
        let did = labeler.did.clone();
        let running = rig.start();
        labeler.say(&[say(did.as_str(), &note("1"), "spam")]);
        let seq = labeler.say(&[say(did.as_str(), &note("2"), "spam")]);
        rig.committed(&labeler, seq).await;
        labeler.start_over();
        labeler.say(&[say(did.as_str(), &note("3"), "spam")]);
        eventually("its new label comes", async || !rig.values(&note("3")).await.is_empty()).await;
        assert_eq!(rig.cursor(&did).await, Some(1));
        assert!(!rig.values(&note("1")).await.is_empty());
        running.stop().await;
    })
    .await;
}
