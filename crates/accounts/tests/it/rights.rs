//! What a key may do: its list and its owner's rights, for every permission (spec/appview.md §4.3).

use std::time::{Duration, Instant};

use accounts::{
    Actor, ApiKeys,
    permissions::{LEXICONS_READ, PERMISSIONS, STATS_READ},
};
use serde_json::json;
use server::Permission;

use crate::support::{Server, on_each_engine, path_of, users};

fn all() -> Vec<Permission> {
    PERMISSIONS.iter().map(|info| info.permission).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_permission_opens_its_route_and_all_others_together_do_not() {
    on_each_engine(async |store| {
        let server = Server::start(&store).await;
        for permission in all() {
            let path = path_of(permission);
            let others: Vec<_> = all().into_iter().filter(|other| *other != permission).collect();
            let lacking = server.key(&others).await;
            let (status, body) = server.get_with(&path, &lacking.key).await;
            let message = format!("Missing permission: {permission}");
            let expected = json!({ "error": "InsufficientPermissions", "message": message });
            assert_eq!((status.as_u16(), body), (403, expected));
            let having = server.key(&[permission]).await;
            assert_eq!(server.get_with(&path, &having.key).await.0.as_u16(), 200, "{permission}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_without_permissions_is_known_and_may_nothing() {
    on_each_engine(async |store| {
        let server = Server::start(&store).await;
        let key = server.key(&[]).await.key;
        assert_eq!(server.get_with("/who", &key).await.0.as_u16(), 200);
        for permission in all() {
            assert_eq!(server.status_of(permission, &key).await, 403, "{permission}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_its_owner_lost_is_lost_to_the_key_too() {
    on_each_engine(async |store| {
        let server = Server::start(&store).await;
        let key = server.key(&[LEXICONS_READ, STATS_READ]).await.key;
        server.sql("DELETE FROM user_permissions WHERE permission = $1", &["stats:read"]).await;
        assert_eq!(server.status_of(STATS_READ, &key).await, 403);
        assert_eq!(server.status_of(LEXICONS_READ, &key).await, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_by_another_instance_is_noticed_within_seconds() {
    on_each_engine(async |store| {
        let server = Server::start(&store).await;
        let key = server.key(&[STATS_READ]).await;
        assert_eq!(server.status_of(STATS_READ, &key.key).await, 200);
        let other = ApiKeys::new(&users(&store).0);
        other.revoke(&Actor::LocalOperator, &key.id).await.unwrap();
        let started = Instant::now();
        while server.status_of(STATS_READ, &key.key).await != 401 {
            assert!(started.elapsed() < Duration::from_secs(5));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_the_super_user_may_what_it_lists_and_is_not_super() {
    on_each_engine(async |store| {
        let server = Server::start(&store).await;
        let key = server.key(&[STATS_READ]).await.key;
        server.sql("DELETE FROM user_permissions WHERE permission = $1", &["stats:read"]).await;
        server.sql("UPDATE users SET is_super = 1, did = $1", &["did:plc:abc"]).await;
        for permission in all() {
            let expected = if permission == STATS_READ { 200 } else { 403 };
            assert_eq!(server.status_of(permission, &key).await, expected, "{permission}");
        }
        let (_, who) = server.get_with("/who", &key).await;
        assert_eq!(who, json!({ "did": "did:plc:abc", "permissions": ["stats:read"] }));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_end_with_their_owner() {
    on_each_engine(async |store| {
        let server = Server::start(&store).await;
        let key = server.key(&[STATS_READ]).await.key;
        server.sql("DELETE FROM users", &[]).await;
        assert_eq!(server.status_of(STATS_READ, &key).await, 401);
        assert!(server.list_keys().await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_names_in_a_row_are_ignored() {
    on_each_engine(async |store| {
        let server = Server::start(&store).await;
        let key = server.key(&[STATS_READ]).await.key;
        let stored = r#"["of:the-future", "stats:read", "Stats:Read", ""]"#;
        server.sql("UPDATE api_keys SET permissions = $1", &[stored]).await;
        server.sql("UPDATE user_permissions SET permission = $1", &["of:the-future"]).await;
        server
            .sql(
                "INSERT INTO user_permissions (user_id, permission, granted_at) SELECT id, $1, 0 FROM users",
                &["stats:read"],
            )
            .await;
        let (status, who) = server.get_with("/who", &key).await;
        assert_eq!((status.as_u16(), who), (200, json!({ "did": null, "permissions": ["stats:read"] })));
        assert_eq!(server.list_keys().await[0].permissions, [STATS_READ]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_row_is_our_fault_and_grants_nothing() {
    on_each_engine(async |store| {
        let server = Server::start(&store).await;
        let key = server.key(&[STATS_READ]).await.key;
        server.sql("UPDATE api_keys SET permissions = $1", &["not json"]).await;
        let (status, body) = server.get_with("/who", &key).await;
        assert_eq!((status.as_u16(), &body["error"]), (503, &json!("Authentication is unavailable")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_one_super_user_at_most() {
    on_each_engine(async |store| {
        let insert = |id: &'static str| {
            store.state.write(move |conn| {
                let sql = "INSERT INTO users (id, did, is_super, created_at) VALUES ($1, $1, 1, 0)";
                conn.execute(sql, &[store::v(id)])
            })
        };
        assert_eq!(insert("did:plc:a").await.unwrap(), 1);
        assert!(insert("did:plc:b").await.unwrap_err().is_unique_violation());
    })
    .await;
}
