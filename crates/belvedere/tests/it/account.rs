//! `belvedere account`

use serde_json::json;
use testkit::databases;

use crate::place::Place;
use crate::state_of::{event_log, state_of};

/// Two accounts, as a server leaves them.
async fn filled(place: &Place) {
    let state = state_of(place).await;
    let filled = state.write(|conn| {
        conn.batch(
            "INSERT INTO sync_accounts (id, public_key, username, created_at, updated_at)
             VALUES ('a1', 'A', 'ann', 1000000, 0), ('b1', 'B', NULL, 2000000, 0);
             INSERT INTO sync_account_seqs (account_id, seq, bytes) VALUES ('a1', 2, 11), ('b1', 0, 0);
             INSERT INTO sync_tokens (id, account_id, hash, origin, created_at, last_used_at)
             VALUES ('t1', 'a1', 'h1', 'login', 0, 3000000), ('t2', 'b1', 'h2', 'login', 0, 3000000);
             INSERT INTO sync_sessions (id, account_id, tag, seq, metadata, active_at, created_at, updated_at)
             VALUES ('s1', 'a1', 't', 2, '', 0, 0, 0);
             INSERT INTO sync_messages (session_id, seq, id, content, created_at)
             VALUES ('s1', 1, 'm1', 'four', 0), ('s1', 2, 'm2', 'sieben.', 0)",
        )
    });
    filled.await.map_err(|error: store::Error| error).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn are_listed_revoked_and_deleted() {
    for database in databases().await {
        let place = Place::on(database);
        assert!(
            place.database.dir().is_none() || place.failure(&["account", "list"]).contains("no database")
        );
        filled(&place).await;
        let listed = place.json(&["account", "list"]);
        let [bob, ann] = listed.as_array().unwrap().as_slice() else { panic!("{listed}") };
        assert_eq!((&bob["id"], &ann["id"]), (&json!("b1"), &json!("a1")));
        assert_eq!((&ann["messages"], &ann["bytes"], &ann["tokens"]), (&json!(2), &json!(11), &json!(1)));
        assert_eq!(ann["created_at"], "1970-01-01T00:00:01.000Z");
        assert_eq!(place.json(&["account", "list", "--limit", "1"]), json!([bob]));
        assert_eq!(&place.json(&["account", "show", "a1"]), ann);
        assert!(place.text(&["account", "show", "a1"]).contains("size         11 B"));
        assert!(
            place.failure(&["account", "show", "c1"]).starts_with("error: there is no account c1\nhelp: ")
        );

        let revoked = place.json(&["account", "revoke-tokens", "a1"]);
        assert_eq!(revoked, json!({ "account": "a1", "revoked": 1 }));
        assert_eq!(place.json(&["account", "show", "a1"])["tokens"], 0);
        assert_eq!(place.json(&["account", "show", "b1"])["tokens"], 1);

        let refused = place.failure(&["account", "delete", "a1"]);
        assert!(refused.contains("--yes"), "{refused}");
        assert_eq!(place.json(&["account", "list"]).as_array().unwrap().len(), 2);
        assert_eq!(place.json(&["account", "delete", "a1", "--yes"])["deleted"]["id"], "a1");
        assert!(place.failure(&["account", "delete", "a1", "--yes"]).contains("there is no account a1"));
        assert_eq!(place.json(&["account", "list"]).as_array().unwrap().len(), 1);
        let state = state_of(&place).await;
        let left =
            state.read(|conn| conn.query_one("SELECT COUNT(*) FROM sync_messages", &[], |row| row.int(0)));
        assert_eq!(left.await.map_err(|error: store::Error| error).unwrap(), 0);
        let revoked = json!(["relay_account.tokens_revoked", "a1", { "tokens": 1 }]);
        assert_eq!(event_log(&place).await, [revoked, json!(["relay_account.deleted", "a1", {}])]);
    }
}
