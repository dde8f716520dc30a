//! Who may do what to whom (spec/appview.md §4.3).

use accounts::{
    Actor, ApiKeys, Error, Users,
    permissions::{LEXICONS_READ, PERMISSIONS, STATS_READ, USERS_CREATE},
    users::{NewUser, PermissionChange, User},
};
use serde_json::json;
use server::{Caller, PermissionSet, Principal};

use crate::support::{did, on_each_engine, person, users};

fn new(name: &str, permissions: &[&str]) -> NewUser {
    let permissions = permissions.iter().map(ToString::to_string).collect();
    NewUser { did: did(name), template: None, permissions }
}

fn change(grant: &[&str], revoke: &[&str]) -> PermissionChange {
    let owned = |names: &[&str]| names.iter().map(ToString::to_string).collect();
    PermissionChange { grant: owned(grant), revoke: owned(revoke) }
}

fn wire_names(user: &User) -> Vec<&'static str> {
    user.permissions.iter().map(|permission| permission.name()).collect()
}

/// Root, the super user, and two ordinary ones.
async fn three(users: &Users) -> [User; 3] {
    let root = users.bootstrap(&did("root")).await.unwrap().unwrap();
    let alice = ["users:create", "users:update", "users:delete", "stats:read"];
    let alice = users.create(&person("root"), new("alice", &alice)).await.unwrap();
    let bob = users.create(&person("root"), new("bob", &["stats:read", "events:read"])).await.unwrap();
    [root, alice, bob]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_user_has_the_union_of_template_and_permissions() {
    on_each_engine(async |store| {
        let (users, log) = users(&store);
        let wanted =
            NewUser { template: Some("viewer".to_owned()), ..new("bob", &["jobs:read", "stats:read"]) };
        let bob = users.create(&Actor::LocalOperator, wanted).await.unwrap();
        assert_eq!((bob.is_super, bob.permissions.len()), (false, 11));
        assert_eq!(users.get(&bob.id).await.unwrap(), bob);
        assert_eq!(users.find(&did("bob")).await.unwrap(), Some(bob.clone()));
        assert_eq!(users.find(&did("carol")).await.unwrap(), None);
        assert!(matches!(users.get("nobody").await, Err(Error::NoSuchUser(id)) if id == "nobody"));
        let (kind, actor, subject, detail) = log.told().await.remove(0);
        assert_eq!((&*kind, actor, &*subject), ("user.created", None, "did:web:bob.example.com"));
        assert_eq!(detail["template"], "viewer");
        assert_eq!(detail["permissions"].as_array().unwrap().len(), 11);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_refused_and_leaves_nothing() {
    on_each_engine(async |store| {
        let (users, log) = users(&store);
        let [_, alice, _] = three(&users).await;
        let before = users.list().await.unwrap();
        let actor = person("alice");
        let create = async |new| users.create(&actor, new).await.unwrap_err();
        assert!(matches!(create(new("x", &["stats:write"])).await, Error::UnknownPermission(_)));
        let template = NewUser { template: Some("boss".to_owned()), ..new("x", &[]) };
        assert!(matches!(create(template).await, Error::UnknownTemplate(_)));
        assert!(matches!(create(new("bob", &[])).await, Error::UserExists(_)));
        let escalation = create(new("x", &["stats:read", "events:read", "jobs:read"])).await;
        assert_eq!(
            escalation.to_string(),
            "you cannot grant permissions that you do not hold: events:read, jobs:read"
        );
        let template = NewUser { template: Some("viewer".to_owned()), ..new("x", &[]) };
        assert!(matches!(create(template).await, Error::Escalation(_)));
        let stranger = users.create(&person("stranger"), new("x", &[])).await;
        assert!(matches!(stranger, Err(Error::NotAUser)));
        assert_eq!(users.list().await.unwrap(), before);
        assert_eq!(log.read().await.len(), 3, "the three that were made");
        assert!(!alice.is_super);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn permissions_are_granted_and_revoked_at_once() {
    on_each_engine(async |store| {
        let (users, log) = users(&store);
        let [root, _, bob] = three(&users).await;
        let rights = async |name| users.rights(&did(name)).await.unwrap().unwrap().permissions;
        assert!(!rights("bob").await.contains(LEXICONS_READ));
        let wanted = change(&["lexicons:read", "stats:read"], &["events:read", "jobs:read"]);
        let changed = users.change_permissions(&person("root"), &bob.id, &wanted).await.unwrap();
        assert_eq!(wire_names(&changed), ["lexicons:read", "stats:read"]);
        assert_eq!(rights("bob").await.iter().collect::<Vec<_>>(), [LEXICONS_READ, STATS_READ]);
        let granted_by = store.state.read(|conn| {
            let sql = "SELECT granted_by FROM user_permissions WHERE permission = 'lexicons:read' \
                       AND user_id IN (SELECT id FROM users WHERE is_super = 0)";
            conn.query_one::<_, store::Error>(sql, &[], |row| row.string(0))
        });
        assert_eq!(granted_by.await.unwrap(), root.id);
        let (kind, actor, subject, detail) = log.told().await.pop().unwrap();
        assert_eq!((&*kind, &*subject), ("user.permissions_updated", "did:web:bob.example.com"));
        assert_eq!(actor.as_deref(), Some("did:web:root.example.com"));
        let expected = json!({
            "granted": ["lexicons:read", "stats:read"],
            "revoked": ["events:read", "jobs:read"],
        });
        assert_eq!(detail, expected);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_grants_what_they_lack_or_changes_themselves_or_the_super_user() {
    on_each_engine(async |store| {
        let (users, _) = users(&store);
        let [root, alice, bob] = three(&users).await;
        let before = users.list().await.unwrap();
        let by = async |name, user: &User, change| {
            users.change_permissions(&person(name), &user.id, &change).await.unwrap_err().to_string()
        };
        let lacking = "you cannot grant permissions that you do not hold: lexicons:read";
        let oneself = "you cannot change or delete yourself";
        let out_of_reach = "the super user cannot be changed or deleted";
        assert_eq!(by("alice", &bob, change(&["lexicons:read"], &[])).await, lacking);
        assert_eq!(by("alice", &alice, change(&["stats:read"], &[])).await, oneself);
        assert_eq!(by("alice", &root, change(&[], &["stats:read"])).await, out_of_reach);
        assert_eq!(by("root", &root, change(&[], &["stats:read"])).await, oneself);
        let remove =
            async |name, user: &User| users.remove(&person(name), &user.id).await.unwrap_err().to_string();
        assert_eq!(remove("alice", &alice).await, oneself);
        assert_eq!(remove("alice", &root).await, out_of_reach);
        assert_eq!(remove("root", &root).await, oneself);
        let operator = users.remove(&Actor::LocalOperator, &root.id).await.unwrap_err();
        assert_eq!(operator.to_string(), out_of_reach);
        assert_eq!(users.list().await.unwrap(), before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_may_grant_is_what_one_may_do_at_that_moment() {
    on_each_engine(async |store| {
        let (users, _) = users(&store);
        let [_, alice, bob] = three(&users).await;
        let take = change(&[], &["stats:read"]);
        users.change_permissions(&person("root"), &alice.id, &take).await.unwrap();
        let give = change(&["stats:read"], &[]);
        let refused = users.change_permissions(&person("alice"), &bob.id, &give).await;
        assert!(matches!(refused, Err(Error::Escalation(_))));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_user_is_gone_with_keys_and_sessions() {
    on_each_engine(async |store| {
        let (users, log) = users(&store);
        let [_, _, bob] = three(&users).await;
        let keys = ApiKeys::new(&users);
        keys.create(&person("bob"), "mine", &["stats:read"]).await.unwrap();
        let sessions = accounts::BrowserSessions::new(store.state.clone(), true);
        sessions.start(&did("bob"), None).await.unwrap();
        assert!(users.rights(&did("bob")).await.unwrap().is_some());
        users.remove(&person("alice"), &bob.id).await.unwrap();
        assert_eq!(users.rights(&did("bob")).await.unwrap(), None);
        assert_eq!(keys.list(&Actor::LocalOperator).await.unwrap(), []);
        assert_eq!(sessions.end_all(&did("bob")).await.unwrap(), 0);
        let again = users.remove(&person("alice"), &bob.id).await;
        assert!(matches!(again, Err(Error::NoSuchUser(_))));
        assert_eq!(log.told().await.pop().unwrap().0, "user.deleted");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_super_user_passes_that_on_in_person_only() {
    on_each_engine(async |store| {
        let (users, log) = users(&store);
        let [root, alice, bob] = three(&users).await;
        let key = Actor::ApiKey {
            user_id: root.id.as_str().into(),
            did: root.did.as_deref().map(Into::into),
            permissions: PERMISSIONS.iter().map(|info| info.permission).collect(),
        };
        let app = Actor::Representative { did: did("root").as_str().into() };
        for actor in [key, app, person("alice")] {
            let refused = users.transfer_super(&actor, &bob.id).await.unwrap_err();
            assert_eq!(refused.to_string(), "only the super user in person can pass that on");
        }
        let missing = users.transfer_super(&person("root"), "nobody").await;
        assert!(matches!(missing, Err(Error::NoSuchUser(_))));
        assert!(users.get(&root.id).await.unwrap().is_super);

        assert!(users.transfer_super(&person("root"), &bob.id).await.unwrap().is_super);
        let supers = users.list().await.unwrap().into_iter().map(|user| user.is_super);
        assert_eq!(supers.collect::<Vec<_>>(), [false, false, true]);
        assert_eq!(users.rights(&did("bob")).await.unwrap().unwrap().permissions.iter().count(), 46);
        let again = users.transfer_super(&person("root"), &alice.id).await;
        assert!(matches!(again, Err(Error::Forbidden(_))), "root is no longer it");
        let event = log.read().await.pop().unwrap();
        assert_eq!((&*event.event_type, &*event.severity), ("user.super_transferred", "warn"));
        assert_eq!(event.detail, json!({ "from_user_id": root.id }).to_string());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_local_operator_can_name_a_super_user_but_not_be_it() {
    on_each_engine(async |store| {
        let (users, _) = users(&store);
        ApiKeys::new(&users).create(&Actor::LocalOperator, "k", &["stats:read"]).await.unwrap();
        let operator = users.list().await.unwrap().remove(0);
        let refused = users.transfer_super(&Actor::LocalOperator, &operator.id).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))));
        let alice = users.create(&Actor::LocalOperator, new("alice", &[])).await.unwrap();
        assert!(users.transfer_super(&Actor::LocalOperator, &alice.id).await.unwrap().is_super);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_key_gives_away_what_it_lists_and_its_owner_holds_and_no_more() {
    on_each_engine(async |store| {
        let (users, _) = users(&store);
        let [root, alice, _] = three(&users).await;
        let key_of = |user: &User, permissions: &[server::Permission]| {
            let principal = Principal::ApiKey {
                key_id: "k".into(),
                user_id: user.id.as_str().into(),
                did: user.did.as_deref().map(Into::into),
            };
            let permissions: PermissionSet = permissions.iter().copied().collect();
            let user_id = Some(user.id.as_str().into());
            Actor::of(&Caller { principal, user_id, permissions }).unwrap()
        };
        let of_super = key_of(&root, &[USERS_CREATE, STATS_READ]);
        users.create(&of_super, new("carol", &["stats:read"])).await.unwrap();
        let refused = users.create(&of_super, new("dave", &["events:read"])).await;
        assert!(matches!(refused, Err(Error::Escalation(_))), "a key of the super user is not super");
        // Alice does not hold it, whatever her key says.
        let overreaching = key_of(&alice, &[USERS_CREATE, LEXICONS_READ]);
        let refused = users.create(&overreaching, new("dave", &["lexicons:read"])).await;
        assert!(matches!(refused, Err(Error::Escalation(_))));
        let oneself = users.remove(&key_of(&alice, &[]), &alice.id).await;
        assert!(matches!(oneself, Err(Error::Forbidden(_))));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rights_of_strangers_are_none_and_a_change_elsewhere_is_noticed() {
    on_each_engine(async |store| {
        let (users, _) = users(&store);
        assert_eq!(users.rights(&did("alice")).await.unwrap(), None);
        // As another instance would.
        let (others, _) = crate::support::users(&store);
        others.create(&Actor::LocalOperator, new("alice", &["stats:read"])).await.unwrap();
        let started = std::time::Instant::now();
        while users.rights(&did("alice")).await.unwrap().is_none() {
            assert!(started.elapsed() < std::time::Duration::from_secs(5));
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    })
    .await;
}
