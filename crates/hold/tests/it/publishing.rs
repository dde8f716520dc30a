//! What others are to be told.

use hold::{Collection, CrewMember, Permission, Recount, Unpublished, crew_key, stats_key};
use oci::Digest;

use crate::rig::{Rig, captain, did, image, with};

/// Long after everything.
const LATER: i64 = i64::MAX;

impl Rig {
    async fn due(&self) -> Unpublished {
        self.hold.unpublished(100, LATER).await.unwrap()
    }

    async fn publish_all(&self) -> Unpublished {
        let due = self.due().await;
        self.hold.published(due.clone()).await.unwrap();
        due
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn is_what_has_changed_until_it_was_published() {
    with(captain(), "", async |rig| {
        let layer = rig.send("layer").await;
        rig.hold.keep(image("alice", "app", "v1", &[&layer])).await.unwrap();
        rig.hold.take_on(CrewMember::new(did("bob"), "write", vec![Permission::Write])).await.unwrap();
        rig.hold.count_push(&did("alice"), "app");
        rig.hold.flush().await.unwrap();
        let due = rig.publish_all().await;
        assert_eq!((due.crew.len(), due.layers.len(), due.stats.len(), due.gone.len()), (1, 1, 1, 0));
        assert_eq!(due.layers[0].digest, layer.digest.to_string());
        assert!(rig.due().await.is_empty());
        // Once more for the same image changes nothing.
        rig.hold.keep(image("alice", "app", "v1", &[&layer])).await.unwrap();
        assert!(rig.due().await.is_empty());
        assert!(rig.hold.set_tier(&did("bob"), "bosun").await.unwrap());
        assert!(!rig.hold.set_tier(&did("alice"), "bosun").await.unwrap());
        rig.hold
            .set_stats(&did("alice"), "app", Recount { pulls: Some(7), ..Recount::default() })
            .await
            .unwrap();
        let due = rig.publish_all().await;
        assert_eq!((due.crew.len(), due.layers.len(), due.stats.len()), (1, 0, 1));
        assert_eq!(due.crew[0].row.tier.as_deref(), Some("bosun"));
        assert_eq!((due.stats[0].row.2.pulls, due.stats[0].row.2.pushes), (7, 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_meanwhile_is_published_again() {
    with(captain(), "", async |rig| {
        let member = |role: &str| CrewMember::new(did("bob"), role, vec![Permission::Read]);
        rig.hold.take_on(member("read")).await.unwrap();
        let before = rig.due().await;
        rig.hold.take_on(member("write")).await.unwrap();
        rig.hold.published(before).await.unwrap();
        assert_eq!(rig.publish_all().await.crew[0].row.role, "write");
        // Gone, and back before anybody was told.
        assert!(rig.hold.let_go(&did("bob")).await.unwrap());
        let gone = rig.due().await;
        assert_eq!(
            (gone.gone[0].collection, gone.gone[0].rkey.as_str()),
            (Collection::Crew, "did:web:bob.test")
        );
        rig.hold.take_on(member("again")).await.unwrap();
        assert!(rig.hold.let_go(&did("bob")).await.unwrap());
        rig.hold.published(gone).await.unwrap();
        assert_eq!(rig.publish_all().await.gone.len(), 1, "it went a second time");
        assert!(rig.due().await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_takes_its_records_along() {
    with(captain(), "", async |rig| {
        let (one, two) = (rig.send("one").await, rig.send("two").await);
        rig.hold.keep(image("alice", "app", "v1", &[&one, &two])).await.unwrap();
        rig.hold.keep(image("alice", "app", "v2", &[&one])).await.unwrap();
        let published = rig.publish_all().await;
        let of = |name: &str| Digest::of(oci::Algorithm::Sha256, name.as_bytes()).to_string();
        let rkeys = |name: &str| {
            let layers = published.layers.iter().filter(|layer| layer.manifest == of(name));
            let mut rkeys: Vec<_> = layers.map(hold::HeldLayer::rkey).collect();
            rkeys.sort();
            rkeys
        };
        let manifest = Digest::of(oci::Algorithm::Sha256, b"v1");
        rig.hold.release(&did("alice"), "app", &manifest).await.unwrap();
        let due = rig.publish_all().await;
        let mut gone: Vec<_> = due.gone.iter().map(|gone| gone.rkey.clone()).collect();
        gone.sort();
        assert_eq!(gone, rkeys("v1"));
        rig.hold.count_push(&did("alice"), "app");
        rig.hold.flush().await.unwrap();
        rig.hold.take_on(CrewMember::new(did("alice"), "write", vec![])).await.unwrap();
        let cleared = rig.hold.clear(&did("alice")).await.unwrap();
        assert_eq!((cleared.was_crew, cleared.layers, cleared.stats), (true, 1, 1));
        let due = rig.publish_all().await;
        let mut gone: Vec<_> = due.gone.iter().map(|gone| gone.rkey.clone()).collect();
        gone.sort();
        let mut expected = rkeys("v2");
        expected.extend([crew_key(&did("alice")), stats_key(&did("alice"), "app")]);
        expected.sort();
        assert_eq!(gone, expected);
        assert_eq!((due.crew.len(), due.layers.len(), due.stats.len()), (0, 0, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_handed_over_is_published_of_its_new_owner_and_gone_of_the_old_one() {
    with(captain(), "", async |rig| {
        let layer = rig.send("layer").await;
        rig.hold.keep(image("alice", "app", "v1", &[&layer])).await.unwrap();
        for owner in ["bob", "alice"] {
            rig.hold.count_push(&did(owner), "app");
            rig.hold.flush().await.unwrap();
        }
        let of_alice = rig.hold.stats(&did("alice"), "app").await.unwrap();
        let before = rig.publish_all().await;
        rig.hold.hand_over(&did("alice"), &did("bob")).await.unwrap();
        let due = rig.publish_all().await;
        let mut gone: Vec<_> = due.gone.iter().map(|gone| gone.rkey.clone()).collect();
        gone.sort();
        let mut expected = vec![before.layers[0].rkey(), stats_key(&did("alice"), "app")];
        expected.sort();
        assert_eq!(gone, expected);
        assert_eq!((due.layers.len(), due.stats.len()), (1, 1));
        assert_eq!(due.stats[0].row.2.pushes, 2);
        // Alice pushed later than Bob.
        assert_eq!(due.stats[0].row.2.last_push, of_alice.last_push);

        let more = hold::Stats { pulls: 5, last_push: Some(1), ..hold::Stats::default() };
        let added = rig.store.state.write(move |conn| more.add_to(conn, &did("bob"), "app"));
        added.await.unwrap();
        let due = rig.publish_all().await;
        let counted = due.stats[0].row.2;
        assert_eq!((counted.pulls, counted.last_push), (5, of_alice.last_push));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn is_bounded_and_counts_wait() {
    with(captain(), "", async |rig| {
        for number in 0..5 {
            let member = CrewMember::new(did(&format!("member{number}")), "read", vec![]);
            rig.hold.take_on(member).await.unwrap();
            rig.hold.count_pull(&did("alice"), &format!("app{number}"));
        }
        rig.hold.flush().await.unwrap();
        let first = rig.hold.unpublished(7, LATER).await.unwrap();
        assert_eq!((first.crew.len(), first.stats.len()), (5, 2));
        rig.hold.published(first).await.unwrap();
        let rest = rig.hold.unpublished(7, LATER).await.unwrap();
        assert_eq!((rest.crew.len(), rest.stats.len()), (0, 3));
        rig.hold.published(rest).await.unwrap();
        rig.hold.count_pull(&did("alice"), "app1");
        rig.hold.flush().await.unwrap();
        let a_minute_ago = clock::now_micros() - 60_000_000;
        assert!(rig.hold.unpublished(7, a_minute_ago).await.unwrap().is_empty());
        assert_eq!(rig.due().await.stats.len(), 1);
    })
    .await;
}
