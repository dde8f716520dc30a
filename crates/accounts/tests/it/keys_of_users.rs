//! Keys that users make for themselves (spec/appview.md §3.13).

use accounts::{Actor, ApiKeys, Error, users::NewUser};
use serde_json::json;

use crate::support::{did, on_each_engine, person, users};

fn holding(name: &str, permissions: &[&str]) -> NewUser {
    let permissions = permissions.iter().map(ToString::to_string).collect();
    NewUser { did: did(name), template: None, permissions }
}

#[tokio::test(flavor = "multi_thread")]
async fn users_see_and_revoke_their_own_keys_only() {
    on_each_engine(async |store| {
        let (users, log) = users(&store);
        let keys = ApiKeys::new(&users);
        for name in ["alice", "bob"] {
            users.create(&Actor::LocalOperator, holding(name, &["stats:read"])).await.unwrap();
        }
        let key = keys.create(&person("alice"), "hers", &["stats:read"]).await.unwrap();
        keys.create(&person("bob"), "his", &[] as &[&str]).await.unwrap();
        let names = async |actor: &Actor| -> Vec<String> {
            keys.list(actor).await.unwrap().into_iter().map(|key| key.name).collect()
        };
        assert_eq!(names(&person("alice")).await, ["hers"]);
        assert_eq!(names(&person("bob")).await, ["his"]);
        assert_eq!(names(&Actor::LocalOperator).await, ["his", "hers"]);

        let foreign = keys.revoke(&person("bob"), &key.id).await;
        assert!(matches!(foreign, Err(Error::NoSuchKey(id)) if id == key.id));
        assert_eq!(keys.list(&person("alice")).await.unwrap()[0].revoked_at, None);
        keys.revoke(&person("alice"), &key.id).await.unwrap();
        assert!(keys.list(&person("alice")).await.unwrap()[0].revoked_at.is_some());

        let told = log.told().await;
        let (kind, actor, subject, detail) = &told[2];
        assert_eq!((&**kind, &**subject), ("api_key.created", &*key.id));
        assert_eq!(actor.as_deref(), Some("did:web:alice.example.com"));
        assert_eq!(*detail, json!({ "name": "hers", "permissions": ["stats:read"] }));
        assert_eq!((&*told[4].0, &told[4].3), ("api_key.revoked", &json!({ "name": "hers" })));
        let secret = key.key.strip_prefix("hv_").unwrap();
        assert!(!format!("{told:?}").contains(secret));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_makes_a_key_that_may_more_than_they() {
    on_each_engine(async |store| {
        let (users, _) = users(&store);
        let keys = ApiKeys::new(&users);
        users.create(&Actor::LocalOperator, holding("alice", &["stats:read"])).await.unwrap();
        let refused = keys.create(&person("alice"), "k", &["stats:read", "users:create"]).await;
        assert!(matches!(refused, Err(Error::Escalation(_))));
        let stranger = keys.create(&person("stranger"), "k", &["stats:read"]).await;
        assert!(matches!(stranger, Err(Error::NotAUser)));
        assert_eq!(keys.list(&Actor::LocalOperator).await.unwrap(), []);
        assert!(matches!(keys.list(&person("stranger")).await, Err(Error::NotAUser)));
    })
    .await;
}
