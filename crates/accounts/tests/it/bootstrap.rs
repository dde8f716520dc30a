//! The first user (spec/appview.md §3.13, §10.1 row 18).

use accounts::{Actor, ApiKeys, Users, permissions::PERMISSIONS, users::NewUser};
use serde_json::json;

use crate::support::{did, on_each_engine, users};

#[tokio::test(flavor = "multi_thread")]
async fn the_first_is_super_with_every_permission_and_nobody_after_them() {
    on_each_engine(async |store| {
        let (users, log) = users(&store);
        let first = users.bootstrap(&did("alice")).await.unwrap().unwrap();
        assert_eq!((first.did.as_deref(), first.is_super), (Some("did:web:alice.example.com"), true));
        assert_eq!(first.permissions.len(), PERMISSIONS.len());
        for name in ["alice", "bob"] {
            assert_eq!(users.bootstrap(&did(name)).await.unwrap(), None);
        }
        assert_eq!(users.list().await.unwrap(), std::slice::from_ref(&first));
        let told = log.told().await;
        let alice = did("alice").to_string();
        assert_eq!(told, [("user.bootstrapped".to_owned(), Some(alice.clone()), alice, json!({}))]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_there_are_people_nobody_who_comes_is_super() {
    on_each_engine(async |store| {
        let (users, _) = users(&store);
        let new = NewUser { did: did("bob"), template: None, permissions: vec!["stats:read".to_owned()] };
        users.create(&Actor::LocalOperator, new).await.unwrap();
        for name in ["bob", "alice"] {
            assert_eq!(users.bootstrap(&did(name)).await.unwrap(), None, "although nobody is");
        }
        assert!(users.list().await.unwrap().iter().all(|user| !user.is_super));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_come_at_once_exactly_one_is_first() {
    on_each_engine(async |store| {
        // Each with users of its own, as on as many instances.
        let comers = (0..16).map(|n| {
            let (users, _) = users(&store);
            tokio::spawn(async move { users.bootstrap(&did(&format!("comer{n}"))).await.unwrap() })
        });
        let comers: Vec<_> = comers.collect();
        let mut firsts = Vec::new();
        for comer in comers {
            firsts.extend(comer.await.unwrap());
        }
        assert_eq!(firsts.len(), 1);
        assert_eq!(users(&store).0.list().await.unwrap(), firsts);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_local_operator_is_not_the_first_user() {
    on_each_engine(async |store| {
        let (users, _) = users(&store);
        let keys = ApiKeys::new(&users);
        keys.create(&Actor::LocalOperator, "early", &["stats:read"]).await.unwrap();
        assert!(users.bootstrap(&did("alice")).await.unwrap().unwrap().is_super);
        assert_eq!(names(&users).await, [None, Some("did:web:alice.example.com".to_owned())]);
    })
    .await;
}

async fn names(users: &Users) -> Vec<Option<String>> {
    users.list().await.unwrap().into_iter().map(|user| user.did).collect()
}
