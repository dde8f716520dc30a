//! Owners, all of them and one who leaves.

use std::time::Duration;

use futures::FutureExt;
use hold::{Collected, CrewMember, Permission, Sweep, Usage};

use crate::rig::{captain, did, image, with};

const TIERS: &str = r#"{"tiers":{"deckhand":{"quota":"5KB"},"bosun":{"quota":"50 KB"}},
    "defaults":{"new_crew_tier":"deckhand"}}"#;

#[tokio::test(flavor = "multi_thread")]
async fn are_listed_by_how_much_they_have() {
    with(captain(), TIERS, async |rig| {
        let bosun = CrewMember::new(did("bob"), "write", vec![Permission::Write]);
        rig.hold.take_on(CrewMember { tier: Some("bosun".to_owned()), ..bosun }).await.unwrap();
        let (large, small) = (rig.send("a large one").await, rig.send("small").await);
        for (owner, layers) in [
            ("alice", &[&small][..]),
            ("bob", &[&large, &small]),
            ("captain", &[&large]),
            ("gone", &[&large]),
        ] {
            rig.hold.keep(image(owner, "app", "v1", layers)).await.unwrap();
        }
        let manifest = image("gone", "app", "v1", &[]).manifest;
        rig.hold.release(&did("gone"), "app", &manifest).await.unwrap();
        let expected = [
            (did("bob"), Usage { blobs: 2, bytes: 16, limit: Some(50_000) }),
            (did("captain"), Usage { blobs: 1, bytes: 11, limit: None }),
            (did("alice"), Usage { blobs: 1, bytes: 5, limit: Some(5000) }),
        ];
        assert_eq!(rig.hold.usages(None, 10).await.unwrap(), expected);
        assert_eq!(rig.hold.usages(None, 2).await.unwrap(), expected[..2]);
        for (at, (owner, usage)) in expected.iter().enumerate() {
            let behind = Some((usage.bytes, owner));
            assert_eq!(rig.hold.usages(behind, 10).await.unwrap(), expected[at + 1..], "behind {owner}");
        }
        for (owner, usage) in expected {
            assert_eq!(rig.hold.usage(&owner).await.unwrap(), usage, "{owner}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_leaves_nothing_but_garbage() {
    with(captain(), "", async |rig| {
        let (own, shared) = (rig.send("own").await, rig.send("shared").await);
        rig.hold.keep(image("alice", "app", "v1", &[&own, &shared])).await.unwrap();
        rig.hold.keep(image("bob", "app", "v1", &[&shared])).await.unwrap();
        for name in ["alice", "bob"] {
            rig.hold.take_on(CrewMember::new(did(name), "write", vec![Permission::Write])).await.unwrap();
            rig.hold.count_push(&did(name), "app");
        }
        rig.hold.flush().await.unwrap();
        rig.hold.clear(&did("alice")).await.unwrap();
        assert_eq!(rig.hold.usage(&did("alice")).await.unwrap(), Usage::default());
        assert_eq!(rig.hold.member(&did("alice")).await.unwrap(), None);
        assert_eq!(rig.hold.list_stats(&did("alice"), None, 10).await.unwrap(), []);
        assert_eq!(rig.hold.usage(&did("bob")).await.unwrap().blobs, 1);
        assert!(rig.hold.member(&did("bob")).await.unwrap().is_some());
        assert_eq!(rig.hold.list_stats(&did("bob"), None, 10).await.unwrap().len(), 1);
        let nothing = |_: &Collected, _| async { Ok(()) }.boxed();
        rig.hold.collect(Duration::ZERO, Sweep::Remove, nothing).await.unwrap();
        assert!(!rig.has(&own).await && rig.has(&shared).await);
        // Who comes again begins at nothing.
        let again = rig.hold.keep(image("alice", "app", "v2", &[&shared])).await.unwrap();
        assert_eq!((again.blobs, again.bytes), (1, 6));
    })
    .await;
}
