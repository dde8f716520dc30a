//! Whose words are believed.

use std::collections::BTreeSet;

use atproto::crypto::PrivateKey;

use crate::rig::{eventually, note, on_each_engine};
use testkit::labeler::{labels, say};

#[tokio::test(flavor = "multi_thread")]
async fn a_labeler_with_a_key_must_sign_with_it() {
    on_each_engine(|rig| async move {
        let labeler = rig.labeler("mod").await;
        let did = labeler.did.as_str();
        let running = rig.start();
        let stranger = PrivateKey::generate_p256();
        labeler.send(labels(1, &[say(did, &note("1"), "unsigned")], None));
        labeler.send(labels(2, &[say(did, &note("1"), "forged")], Some(&stranger)));
        let seq = labeler.say(&[say(did, &note("1"), "signed")]);
        rig.committed(&labeler, seq).await;
        assert_eq!(rig.values(&note("1")).await, BTreeSet::from(["signed".into()]));
        running.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_speaks_for_another() {
    on_each_engine(|rig| async move {
        let [labeler, other] = [rig.labeler("mod").await, rig.labeler("other").await];
        let running = rig.start();
        // Rightly signed, but on the wrong stream.
        labeler.send(labels(1, &[say(other.did.as_str(), &note("1"), "theirs")], other.key().as_ref()));
        let seq = labeler.say(&[
            say(other.did.as_str(), &note("1"), "made up"),
            say(labeler.did.as_str(), &note("1"), "own"),
        ]);
        rig.committed(&labeler, seq).await;
        assert_eq!(rig.values(&note("1")).await, BTreeSet::from(["own".into()]));
        running.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_is_noticed_by_what_it_signs() {
    on_each_engine(|rig| async move {
        let labeler = rig.labeler("mod").await;
        let did = labeler.did.as_str();
        let running = rig.start();
        let seq = labeler.say(&[say(did, &note("1"), "before")]);
        rig.committed(&labeler, seq).await;
        let old = labeler.key().unwrap();
        labeler.sign_with(Some(PrivateKey::generate_p256()));
        labeler.publish();
        let seq = labeler.say(&[say(did, &note("1"), "after")]);
        rig.committed(&labeler, seq).await;
        labeler.send(labels(3, &[say(did, &note("1"), "outdated")], Some(&old)));
        let seq = labeler.say(&[say(did, &note("1"), "later")]);
        rig.committed(&labeler, seq).await;
        let believed = ["after", "before", "later"].map(String::from);
        assert_eq!(rig.values(&note("1")).await, BTreeSet::from(believed));
        assert_eq!(labeler.cursors().len(), 1, "on one connection");
        running.stop().await;
    })
    .await;
}

/// The labels come before the news of the key, which they would not survive if they were refused at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_may_be_published_after_its_first_use() {
    on_each_engine(|rig| async move {
        let labeler = rig.labeler("mod").await;
        let did = labeler.did.as_str();
        let running = rig.start();
        let seq = labeler.say(&[say(did, &note("1"), "before")]);
        rig.committed(&labeler, seq).await;
        labeler.sign_with(Some(PrivateKey::generate_k256()));
        let asked = rig.directory.asked();
        let seq = labeler.say(&[say(did, &note("1"), "after")]);
        eventually("the key is doubted", async || rig.directory.asked() > asked).await;
        labeler.publish();
        rig.committed(&labeler, seq).await;
        assert_eq!(rig.values(&note("1")).await, BTreeSet::from(["after".into(), "before".into()]));
        running.stop().await;
    })
    .await;
}

/// The server stops while it waits for the news of the key.
#[tokio::test(flavor = "multi_thread")]
async fn doubts_outlive_a_restart() {
    on_each_engine(|rig| async move {
        let labeler = rig.labeler("mod").await;
        let asked = rig.directory.asked();
        let running = rig.start();
        labeler.sign_with(Some(PrivateKey::generate_k256()));
        let seq = labeler.say(&[say(labeler.did.as_str(), &note("1"), "after")]);
        // Once for the connection, and once more.
        eventually("the key is doubted", async || rig.directory.asked() > asked + 1).await;
        running.stop().await;
        assert_eq!(rig.cursor(&labeler.did).await, None);
        labeler.publish();
        let running = rig.start();
        rig.committed(&labeler, seq).await;
        assert_eq!(rig.values(&note("1")).await, BTreeSet::from(["after".into()]));
        running.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_labeler_without_a_key_need_not_sign() {
    on_each_engine(|rig| async move {
        let labeler = rig.labeler("mod").await;
        labeler.sign_with(None);
        labeler.publish();
        let running = rig.start();
        let seq = labeler.say(&[say(labeler.did.as_str(), &note("1"), "plain")]);
        rig.committed(&labeler, seq).await;
        assert_eq!(rig.values(&note("1")).await, BTreeSet::from(["plain".into()]));
        running.stop().await;
    })
    .await;
}
