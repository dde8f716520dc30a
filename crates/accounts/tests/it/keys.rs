//! Making, presenting, listing and revoking keys.

use accounts::{Actor, ApiKeys, Error, permissions::LEXICONS_READ};
use http::header::AUTHORIZATION;
use serde_json::json;

use crate::support::{Server, answer, on_each_engine, users};

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_opens_what_it_lists() {
    on_each_engine(async |store| {
        let server = Server::start(&store).await;
        let names = ["stats:read", "lexicons:read", "stats:read"];
        let key = server.keys.create(&Actor::LocalOperator, "deploy", &names).await.unwrap();
        assert!(key.key.starts_with("hv_") && key.key.len() == 35);
        assert_eq!(key.key_prefix, key.key[..11]);
        let (status, body) = server.get_with("/who", &key.key).await;
        let expected = json!({ "did": null, "permissions": ["lexicons:read", "stats:read"] });
        assert_eq!((status.as_u16(), body), (200, expected));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_is_kept_as_a_hash_and_printed_by_nobody() {
    on_each_engine(async |store| {
        let server = Server::start(&store).await;
        let key = server.key(&[LEXICONS_READ]).await;
        let rows = store.state.read(|conn| {
            conn.query::<_, store::Error>(
                "SELECT id, user_id, name, key_hash, key_prefix, permissions FROM api_keys",
                &[],
                |row| (0..6).map(|column| row.string(column)).collect::<Result<Vec<_>, _>>(),
            )
        });
        let rows = rows.await.unwrap();
        assert_eq!(rows.len(), 1);
        let secret = key.key.strip_prefix("hv_").unwrap();
        assert!(rows[0].iter().all(|column| !column.contains(secret)), "{rows:?}");
        assert_eq!(rows[0][3].len(), 64);
        assert!(!format!("{key:?}").contains(secret));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_a_valid_key_is_401() {
    on_each_engine(async |store| {
        let server = Server::start(&store).await;
        let key = server.key(&[LEXICONS_READ]).await.key;
        let no_bearer = "Bearer tokens other than API keys (hv_…) are not accepted here";
        let no_dpop = "DPoP tokens are not accepted here";
        let cases = [
            (format!("Bearer {key}"), 200, ""),
            (format!("DPoP {key}"), 200, ""),
            (format!("Bearer {key}0"), 401, "Unknown API key"),
            (format!("Bearer {}", &key[..34]), 401, "Unknown API key"),
            (format!("Bearer {}", key.to_uppercase().replace("HV_", "hv_")), 401, "Unknown API key"),
            ("Bearer hv_".to_owned(), 401, "Unknown API key"),
            ("Bearer eyJhbGciOiJFUzI1NiJ9.e30.c2ln".to_owned(), 401, no_bearer),
            ("DPoP eyJhbGciOiJFUzI1NiJ9.e30.c2ln".to_owned(), 401, no_dpop),
            (key.clone(), 401, "Malformed Authorization header"),
            ("Basic aHZfOng=".to_owned(), 401, "Malformed Authorization header"),
        ];
        for (header, status, message) in cases {
            let (found, body) = answer(server.get("/who").header(AUTHORIZATION, &header)).await;
            assert_eq!(found.as_u16(), status, "{header}");
            if status == 401 {
                assert_eq!(body, json!({ "error": message }), "{header}");
            }
        }
        let (status, body) = answer(server.get("/who")).await;
        assert_eq!((status.as_u16(), body), (401, json!({ "error": "Authentication required" })));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_refused_where_none_is_taken() {
    on_each_engine(async |store| {
        let server = Server::start(&store).await;
        let key = server.key(&[LEXICONS_READ]).await.key;
        let (status, body) = server.get_with("/xrpc/x", &key).await;
        assert_eq!((status.as_u16(), body), (401, json!({ "error": "API keys are not accepted here" })));
        let (status, body) = answer(server.get("/xrpc/x")).await;
        assert_eq!((status.as_u16(), body), (200, json!(false)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_key_is_refused_at_once_and_for_ever() {
    on_each_engine(async |store| {
        let server = Server::start(&store).await;
        let (one, two) = (server.key(&[LEXICONS_READ]).await, server.key(&[LEXICONS_READ]).await);
        // Both are cached now.
        assert_eq!(server.status_of(LEXICONS_READ, &one.key).await, 200);
        assert_eq!(server.status_of(LEXICONS_READ, &two.key).await, 200);
        server.keys.revoke(&Actor::LocalOperator, &one.id).await.unwrap();
        let (status, body) = server.get_with("/who", &one.key).await;
        assert_eq!((status.as_u16(), body), (401, json!({ "error": "This API key has been revoked" })));
        assert_eq!(server.status_of(LEXICONS_READ, &two.key).await, 200);

        let revoked_at = server.list_keys().await[1].revoked_at;
        assert!(revoked_at.is_some());
        server.keys.revoke(&Actor::LocalOperator, &one.id).await.unwrap();
        assert_eq!(server.list_keys().await[1].revoked_at, revoked_at);
        let missing = server.keys.revoke(&Actor::LocalOperator, "nothing").await.unwrap_err();
        assert!(matches!(missing, Error::NoSuchKey(id) if id == "nothing"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_keys_share_one_operator_and_are_listed_newest_first() {
    on_each_engine(async |store| {
        let keys = ApiKeys::new(&users(&store).0);
        for name in ["first", "second", "third"] {
            keys.create(&Actor::LocalOperator, name, &["stats:read"]).await.unwrap();
        }
        let keys = keys.list(&Actor::LocalOperator).await.unwrap();
        let names: Vec<_> = keys.iter().map(|key| key.name.as_str()).collect();
        assert_eq!(names, ["third", "second", "first"]);
        assert!(keys.iter().all(|key| key.user_id == keys[0].user_id));
        assert!(keys.iter().all(|key| key.last_used_at.is_none() && key.revoked_at.is_none()));
        let users = store.state.read(|conn| {
            conn.query::<_, store::Error>("SELECT did, name, is_super FROM users", &[], |row| {
                Ok((row.opt_text(0)?.is_none(), row.string(1)?, row.bool(2)?))
            })
        });
        assert_eq!(users.await.unwrap(), [(true, "local operator".to_owned(), false)]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_names_and_unknown_permissions_make_no_key() {
    on_each_engine(async |store| {
        let keys = ApiKeys::new(&users(&store).0);
        let long = "é".repeat(101);
        for name in ["", &long] {
            let error = keys.create(&Actor::LocalOperator, name, &["stats:read"]).await.unwrap_err();
            assert_eq!(error.to_string(), "the name of an API key has 1 to 100 characters");
        }
        keys.create(&Actor::LocalOperator, &"é".repeat(100), &["stats:read"]).await.unwrap();
        let error =
            keys.create(&Actor::LocalOperator, "n", &["stats:read", "stats:write"]).await.unwrap_err();
        assert!(
            error.to_string().starts_with("unknown permission `stats:write`; there are: lexicons:create, ")
        );
        assert_eq!(keys.list(&Actor::LocalOperator).await.unwrap().len(), 1);
    })
    .await;
}
