//! What images need, and how much room it takes.

use futures::future::join_all;
use hold::{Error, Usage};
use oci::Digest;

use crate::rig::{captain, did, image, with};

const TIERS: &str = r#"{"tiers":{"small":{"quota":"100B"}},"defaults":{"new_crew_tier":"small"}}"#;

fn used(usage: Usage) -> (u64, u64) {
    (usage.blobs, usage.bytes)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blob_counts_once_for_its_owner_however_many_images_need_it() {
    with(captain(), "", async |rig| {
        let (one, two) = (rig.send("one").await, rig.send("twoo").await);
        let first = image("alice", "app", "first", &[&one, &two]);
        assert_eq!(used(rig.hold.keep(first.clone()).await.unwrap()), (2, 7));
        assert_eq!(used(rig.hold.keep(first).await.unwrap()), (2, 7));
        assert_eq!(used(rig.hold.keep(image("alice", "other", "second", &[&one])).await.unwrap()), (2, 7));
        assert_eq!(used(rig.hold.keep(image("bob", "app", "first", &[&one])).await.unwrap()), (1, 3));
        let release = async |owner: &str, repository: &str, name: &str| {
            let manifest = Digest::of(oci::Algorithm::Sha256, name.as_bytes());
            rig.hold.release(&did(owner), repository, &manifest).await.unwrap();
            used(rig.hold.usage(&did(owner)).await.unwrap())
        };
        assert_eq!(release("alice", "app", "first").await, (1, 3));
        assert_eq!(release("alice", "app", "first").await, (1, 3));
        assert_eq!(release("alice", "other", "second").await, (0, 0));
        assert_eq!(used(rig.hold.usage(&did("bob")).await.unwrap()), (1, 3));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_without_all_of_its_blobs_is_not_kept() {
    with(captain(), "", async |rig| {
        let there = rig.send("there").await;
        let mut missing = there.clone();
        missing.digest = Digest::of(oci::Algorithm::Sha256, b"nowhere");
        let kept = rig.hold.keep(image("alice", "app", "v1", &[&there, &missing])).await;
        assert!(matches!(kept, Err(Error::Missing(digest)) if digest == missing.digest));
        assert_eq!(used(rig.hold.usage(&did("alice")).await.unwrap()), (0, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_room_keeps_what_they_have() {
    with(captain(), TIERS, async |rig| {
        let (one, two) = (rig.send(&"1".repeat(60)).await, rig.send(&"2".repeat(60)).await);
        rig.hold.keep(image("alice", "app", "one", &[&one])).await.unwrap();
        let refused = rig.hold.keep(image("alice", "app", "two", &[&one, &two])).await.unwrap_err();
        assert!(matches!(refused, Error::Quota { limit: 100, used: 60, more: 60 }), "{refused}");
        let usage = rig.hold.usage(&did("alice")).await.unwrap();
        assert_eq!((used(usage), usage.limit, usage.is_full()), ((1, 60), Some(100), false));
        // What takes no more room is no question of room.
        rig.hold.keep(image("alice", "other", "one", &[&one])).await.unwrap();
        let usage = rig.hold.keep(image("captain", "app", "two", &[&one, &two])).await.unwrap();
        assert_eq!((used(usage), usage.limit), ((2, 120), None));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn images_that_come_at_once_share_the_room_that_there_is() {
    with(captain(), TIERS, async |rig| {
        let mut layers = Vec::new();
        for number in 0..8 {
            layers.push(rig.send(&format!("{number}").repeat(30)).await);
        }
        let images = layers
            .iter()
            .enumerate()
            .map(|(number, layer)| image("alice", "app", &number.to_string(), &[layer]));
        let kept = join_all(images.map(|image| rig.hold.keep(image))).await;
        let done = kept.iter().filter(|kept| kept.is_ok()).count();
        assert_eq!(done, 3, "of 100 bytes, 30 at a time: {kept:?}");
        assert!(
            kept.iter()
                .filter_map(|kept| kept.as_ref().err())
                .all(|error| matches!(error, Error::Quota { .. }))
        );
        assert_eq!(used(rig.hold.usage(&did("alice")).await.unwrap()), (3, 90));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blob_takes_the_room_that_it_has_and_not_what_somebody_says() {
    with(captain(), TIERS, async |rig| {
        let (large, mut small) = (rig.send(&"1".repeat(101)).await, rig.send("two").await);
        let claimed = hold::Layer { size: 1, ..large.clone() };
        let refused = rig.hold.keep(image("alice", "app", "one", &[&claimed])).await.unwrap_err();
        assert!(matches!(refused, Error::Quota { limit: 100, used: 0, more: 101 }), "{refused}");
        small.size = 1 << 40;
        assert_eq!(used(rig.hold.keep(image("alice", "app", "two", &[&small])).await.unwrap()), (1, 3));
    })
    .await;
}
