//! Repositories that are not served, not here any more, or called otherwise.

use repos::{NewRepo, Status};

use crate::frames::{all_events, replayed};
use crate::rig::{kind, note, on_each, put, rkey};

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_deactivated_keeps_everything_and_shows_nothing() {
    on_each(|rig| async move {
        let did = rig.person("alice").await;
        let before = rig.put(&did, "a", "x").await.commit.unwrap();
        rig.repos.set_status(&did, Status::Deactivated).await.unwrap();
        let get = rig.repos.get(&did, &note(), &rkey("a")).await.unwrap_err();
        assert_eq!(kind(&get), "deactivated");
        assert_eq!(kind(&rig.repos.apply(&did, vec![put("b", "y")], None).await.unwrap_err()), "deactivated");
        assert_eq!(kind(&rig.repos.export(&did).await.err().unwrap()), "deactivated");
        assert_eq!(kind(&rig.repos.head(&did).await.unwrap_err()), "deactivated");
        assert_eq!(rig.repos.status(&did).await.unwrap().status, Status::Deactivated);
        rig.repos.set_status(&did, Status::Active).await.unwrap();
        assert_eq!(rig.text(&did, "a").await.as_deref(), Some("x"));
        assert!(rig.repos.head(&did).await.unwrap().commit.rev > before.rev, "it is told of as newer");
        rig.put(&did, "b", "y").await;
        let events = all_events(&rig).await;
        let told: Vec<_> = events[4..7].iter().map(|event| (&*event.kind, event.active)).collect();
        assert_eq!(told, [("#account", Some(false)), ("#account", Some(true)), ("#sync", None)]);
        assert_eq!(events[4].texts["status"], "deactivated");
        assert_eq!(replayed(&events, &did).1.len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_deleted_leaves_nothing_but_its_events() {
    on_each(|rig| async move {
        let (did, other) = (rig.person("alice").await, rig.repos.clone());
        rig.put(&did, "a", "x").await;
        rig.repos.upload_blob(&did, "text/plain", "bytes".into()).await.unwrap();
        rig.repos.delete(&did).await.unwrap();
        assert_eq!(kind(&rig.repos.get(&did, &note(), &rkey("a")).await.unwrap_err()), "not hosted");
        for sql in [
            "SELECT COUNT(*) FROM repos_repositories",
            "SELECT COUNT(*) FROM repos_records",
            "SELECT COUNT(*) FROM repos_blocks",
            "SELECT COUNT(*) FROM repos_blobs",
        ] {
            assert_eq!(rig.count(sql).await, 0, "{sql}");
        }
        let events = all_events(&rig).await;
        assert_eq!(events.last().unwrap().texts["status"], "deleted");
        // The name is free; whoever takes it signs with a key of their own.
        rig.repos.create(NewRepo::new(did.clone(), None)).await.unwrap();
        assert_eq!(rig.text(&did, "a").await, None);
        assert!(other.apply(&did, vec![put("b", "y")], None).await.is_ok());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_has_not_heard_of_a_deletion_writes_nothing() {
    on_each(|rig| async move {
        let did = rig.person("alice").await;
        let other = rig.again().await;
        rig.repos.delete(&did).await.unwrap();
        rig.repos.create(NewRepo::new(did.clone(), None)).await.unwrap();
        let error = other.repos.apply(&did, vec![put("a", "x")], None).await.unwrap_err();
        assert_eq!(kind(&error), "not hosted", "not with the key that was");
        assert_eq!(rig.text(&did, "a").await, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_has_not_heard_that_one_is_deactivated_writes_nothing() {
    on_each(|rig| async move {
        let did = rig.person("alice").await;
        let other = rig.again().await;
        rig.repos.set_status(&did, Status::Deactivated).await.unwrap();
        let error = other.repos.apply(&did, vec![put("a", "x")], None).await.unwrap_err();
        assert_eq!(kind(&error), "deactivated");
        rig.repos.set_status(&did, Status::Active).await.unwrap();
        assert_eq!(rig.text(&did, "a").await, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handle_changes_hands() {
    on_each(|rig| async move {
        let (alice, bob) = (rig.person("alice").await, rig.person("bob").await);
        let taken = rig.repos.set_handle(&bob, Some("alice.test".parse().unwrap())).await.unwrap_err();
        assert_eq!(kind(&taken), "taken");
        rig.repos.set_handle(&alice, Some("alicia.test".parse().unwrap())).await.unwrap();
        rig.repos.set_handle(&bob, Some("alice.test".parse().unwrap())).await.unwrap();
        assert_eq!(rig.repos.describe(&bob).await.unwrap().handle.unwrap().as_str(), "alice.test");
        let events = all_events(&rig).await;
        let handles: Vec<_> = events[6..].iter().map(|event| &*event.texts["handle"]).collect();
        assert_eq!(handles, ["alicia.test", "alice.test"]);
    })
    .await;
}
