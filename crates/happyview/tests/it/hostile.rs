//! Rows that make no sense.

use proptest::prelude::*;
use store::Engine;
use testkit::HappyviewLayout::{New, Old};

use crate::rig::{all, each, open};

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_makes_no_sense_holds_up_no_other() {
    each(Old, async |fixture| {
        fixture
            .execute(
                "INSERT INTO api_keys (id, user_id, name, key_hash, key_prefix, permissions) VALUES
                 ('a', 'nobody', 'orphan', 'x', 'y', '[]'),
                 ('b', '0b7e3c52-9d6e-4a11-8f5d-1f3c5a6b7c01', 'mad', 'x', 'y', 'no json');
                 INSERT INTO dead_letter_hooks (id, uri, lexicon_id, did, collection, rkey, action, record)
                 VALUES ('z', 'at://x', 'com.example.note', 'd', 'c', 'r', 'create', '{ ');",
            )
            .await;
        let source = open(&fixture).await;
        let keys = all(source.api_keys()).await;
        let problems: Vec<_> = keys.iter().filter_map(|key| key.as_ref().err()).collect();
        assert_eq!(keys.len(), 3);
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(problems.iter().any(|bad| bad.name == "orphan" && bad.problem.contains("not there")));
        assert!(problems.iter().any(|bad| bad.name == "mad" && bad.problem.contains("JSON array")));
        let letters = all(source.dead_letter_hooks()).await;
        assert_eq!(letters.iter().filter(|letter| letter.is_err()).count(), 1, "{letters:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_types_lengths_and_encodings_are_told() {
    each(New, async |fixture| {
        if fixture.engine() == Engine::Sqlite {
            fixture
                .execute(
                    "INSERT INTO happyview_users VALUES ('a', 'did:web:a.example.com', 'maybe', NULL, NULL);
                     INSERT INTO happyview_users VALUES ('b', X'00ff', 0, NULL, NULL);
                     INSERT INTO happyview_users VALUES ('c', CAST(X'ff' AS TEXT), 0, NULL, NULL);
                     INSERT INTO happyview_users VALUES ('d', NULL, 0, NULL, NULL);
                     INSERT INTO happyview_script_variables VALUES ('BYTES', X'00112233', NULL, NULL);
                     INSERT INTO happyview_scripts (id, body) VALUES ('huge', zeroblob(9000000));
                     INSERT INTO happyview_scripts (id, body) VALUES ('long', CAST(zeroblob(9000000) AS TEXT));",
                )
                .await;
        } else {
            fixture
                .execute(
                    "INSERT INTO happyview_users VALUES ('d', NULL, FALSE, NULL, 'infinity');
                     INSERT INTO happyview_scripts (id, body) VALUES ('long', repeat('é', 9000000));",
                )
                .await;
        }
        let source = open(&fixture).await;
        let users = all(source.users()).await;
        let bad = users.iter().filter(|user| user.is_err()).count();
        assert_eq!(users.len() - bad, 2, "{users:?}");
        let scripts = all(source.scripts()).await;
        let problems: Vec<_> = scripts.iter().filter_map(|script| script.as_ref().err()).collect();
        assert!(!problems.is_empty());
        assert!(problems.iter().all(|bad| bad.problem == "its body holds more than 8 MiB"), "{problems:?}");
        if fixture.engine() == Engine::Sqlite {
            let variables = all(source.script_variables()).await;
            let bytes = variables.into_iter().flatten().find(|variable| variable.key == "BYTES").unwrap();
            assert_eq!(bytes.value, Err(happyview::Closed::WrongKey));
        }
    })
    .await;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is in a column of SQLite, which takes anything anywhere, is read or told.
    #[test]
    fn nothing_in_a_file_stops_the_reader(cells in proptest::collection::vec(any_cell(), 6), key in any::<Option<[u8; 32]>>()) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let fixture = testkit::Happyview::create(testkit::TestDatabase::sqlite(), New).await;
            let conn = rusqlite::Connection::open(fixture.file().unwrap()).unwrap();
            let sql = |table: &str, columns: &str| format!("INSERT OR REPLACE INTO happyview_{table} ({columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
            for (table, columns) in [
                ("users", "id, did, is_super, created_at, last_used_at, rowid"),
                ("api_keys", "id, user_id, permissions, key_hash, created_at, revoked_at"),
                ("lexicons", "id, lexicon_json, backfill, token_cost, source, revision"),
                ("api_clients", "id, client_key, redirect_uris, allowed_origins, rate_limit_capacity, is_active"),
                ("verification_methods", "id, fragment_id, key_type, public_key_multibase, private_key_enc, created_at"),
                ("user_permissions", "user_id, permission, granted_at, granted_by, rowid, granted_at"),
            ] {
                // What the file itself refuses cannot be in one.
                _ = conn.execute(&sql(table, columns), rusqlite::params_from_iter(&cells));
            }
            drop(conn);
            let key = key.map(|key| happyview::EncryptionKey::parse(&data_encoding::BASE64.encode(&key)).unwrap());
            let source = happyview::Source::open(&fixture.url(), key).await.unwrap();
            all(source.users()).await;
            all(source.api_keys()).await;
            all(source.lexicons()).await;
            all(source.api_clients()).await;
            all(source.verification_methods()).await;
        });
    }
}

fn any_cell() -> impl Strategy<Value = rusqlite::types::Value> {
    use rusqlite::types::Value;
    prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::Integer),
        any::<f64>().prop_map(Value::Real),
        ".{0,40}".prop_map(Value::Text),
        proptest::collection::vec(any::<u8>(), 0..60).prop_map(Value::Blob),
        Just(Value::Text("0b7e3c52-9d6e-4a11-8f5d-1f3c5a6b7c01".to_owned())),
    ]
}
