//! Messages that are none.

use std::collections::BTreeSet;

use shrike::cbor::Value;
use tokio_tungstenite::tungstenite::Message;

use crate::rig::{eventually, note, on_each_engine};
use testkit::labeler::{labels, message, say};

#[tokio::test(flavor = "multi_thread")]
async fn broken_messages_are_passed_over() {
    on_each_engine(|rig| async move {
        let labeler = rig.labeler("mod").await;
        let did = labeler.did.as_str();
        let running = rig.start();
        let good = labels(1, &[say(did, &note("1"), "cut")], labeler.key().as_ref());
        labeler.send(good[..good.len() - 1].to_vec());
        labeler.send([&good[..], b"\x00"].concat());
        labeler.send(Vec::new());
        labeler.send(vec![0xff; 100]);
        labeler.send(vec![0x9b; 1000]);
        labeler.send(message("#labels", &Value::Null));
        let seq = labeler.say(&[say(did, &note("1"), "good")]);
        rig.committed(&labeler, seq).await;
        assert_eq!(rig.values(&note("1")).await, BTreeSet::from(["good".into()]));
        assert_eq!(labeler.cursors().len(), 1, "on one connection");
        running.stop().await;
    })
    .await;
}

/// A label that is none does not take the others of its message with it.
#[tokio::test(flavor = "multi_thread")]
async fn broken_labels_are_passed_over() {
    on_each_engine(|rig| async move {
        let labeler = rig.labeler("mod").await;
        let did = labeler.did.as_str();
        let running = rig.start();
        let mut timeless = say(did, &note("1"), "timeless");
        timeless.cts = "at noon".into();
        let seq = labeler.say(&[
            say(did, &note("1"), &"x".repeat(129)),
            say(did, &note("1"), "nul\0"),
            say(did, "https://example.com", "elsewhere"),
            timeless,
            say(did, &note("1"), "good"),
        ]);
        rig.committed(&labeler, seq).await;
        assert_eq!(rig.rows().await, 1);
        assert_eq!(rig.values(&note("1")).await, BTreeSet::from(["good".into()]));
        running.stop().await;
    })
    .await;
}

/// Text and frames beyond the limit end the connection, and hold up nobody else.
#[tokio::test(flavor = "multi_thread")]
async fn what_ends_one_connection_leaves_the_others_alone() {
    on_each_engine(|rig| async move {
        let [big, chatty, good] =
            [rig.labeler("big").await, rig.labeler("chatty").await, rig.labeler("good").await];
        big.send(vec![0; (5 << 20) + 1]);
        chatty.send(Message::text("{}"));
        let running = rig.start();
        eventually("both try again", async || big.cursors().len() > 1 && chatty.cursors().len() > 1).await;
        let seq = good.say(&[say(good.did.as_str(), &note("1"), "spam")]);
        rig.committed(&good, seq).await;
        assert_eq!(good.cursors().len(), 1);
        assert_eq!(rig.cursor(&big.did).await, None);
        running.stop().await;
    })
    .await;
}
