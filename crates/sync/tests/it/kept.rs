//! What is kept for an account is counted, and has an end.

use std::collections::BTreeMap;

use rand::seq::{IndexedRandom, IteratorRandom};
use rand::{Rng, RngExt};
use reqwest::Method;
use serde_json::{Value, json};
use store::Store;
use sync::{Operator, SyncParts};
use testkit::databases;

use crate::happy::{importer, rows, take};
use crate::site::{Person, Site, on_each_site, parts};
use crate::value_counts::before;

/// How many bytes there are of each account, and how many the server says there are: kept, and in the log.
async fn counts(store: &Store) -> [BTreeMap<String, (i64, i64)>; 2] {
    let read = store.state.read(|conn| {
        let mut read = |sql: &str| {
            let load = |row: &store::Row<'_>| {
                Ok::<_, store::Error>((row.string(0)?, (row.int(1)?, row.int(2)?)))
            };
            Ok::<BTreeMap<_, _>, store::Error>(conn.query(sql, &[], load)?.into_iter().collect())
        };
        let counted = "
            WITH kept (account_id, content) AS (
                SELECT id, settings FROM sync_accounts
                UNION ALL SELECT s.account_id, m.content FROM sync_messages m
                          JOIN sync_sessions s ON s.id = m.session_id
                UNION ALL SELECT account_id, metadata FROM sync_sessions
                UNION ALL SELECT account_id, agent_state FROM sync_sessions
                UNION ALL SELECT account_id, metadata FROM sync_machines
                UNION ALL SELECT account_id, daemon_state FROM sync_machines
                UNION ALL SELECT account_id, data FROM sync_access_keys),
            sealed (account_id, content) AS (
                SELECT account_id, data_key FROM sync_sessions
                UNION ALL SELECT account_id, data_key FROM sync_machines
                UNION ALL SELECT account_id, header FROM sync_artifacts
                UNION ALL SELECT account_id, body FROM sync_artifacts
                UNION ALL SELECT account_id, data_key FROM sync_artifacts
                UNION ALL SELECT account_id, value FROM sync_values)
            SELECT a.id,
                CAST(COALESCE((SELECT SUM(OCTET_LENGTH(content)) FROM kept WHERE account_id = a.id), 0)
                   + COALESCE((SELECT SUM(OCTET_LENGTH(content)) FROM sealed WHERE account_id = a.id), 0) AS BIGINT),
                CAST(COALESCE((SELECT SUM(OCTET_LENGTH(body)) FROM sync_updates WHERE account_id = a.id), 0) AS BIGINT)
            FROM sync_accounts a";
        Ok::<_, store::Error>([
            read(counted)?,
            read("SELECT account_id, bytes, log_bytes FROM sync_account_seqs")?,
        ])
    });
    read.await.unwrap()
}

fn text(rng: &mut impl Rng) -> String {
    "ü".repeat(rng.random_range(0..40))
}

fn base64(rng: &mut impl Rng) -> String {
    data_encoding::BASE64.encode(&vec![7; rng.random_range(0..40)])
}

/// Something that a client does, often to what is not there, or with a version that is wrong.
async fn do_something(person: &Person, sessions: &mut Vec<String>, rng: &mut impl Rng) {
    let http = &person.http;
    let session = sessions.choose(rng).cloned().unwrap_or_default();
    let name = format!("n{}", rng.random_range(0..3));
    let machine = format!("{name}-{}", person.id().await);
    let artifact = format!("6f2c6a2e-4f62-4f7e-9d5c-0a6f4d1f8a1{}", rng.random_range(0..3));
    let version = rng.random_range(0..3);
    match rng.random_range(0..16) {
        0 | 1 => {
            let body = json!({ "tag": name, "metadata": text(rng), "dataEncryptionKey": base64(rng) });
            let made = http.post("/v1/sessions", &body).await.expect(200);
            sessions.push(made["session"]["id"].as_str().unwrap().to_owned());
        }
        2..=5 => {
            let messages: Vec<Value> = (0..rng.random_range(1..4))
                .map(|_| json!({ "localId": format!("l{}", rng.random_range(0..30)), "content": text(rng) }))
                .collect();
            http.post(&format!("/v3/sessions/{session}/messages"), &json!({ "messages": messages })).await;
        }
        6 => {
            let socket = person.socket().await;
            let change = json!({ "sid": session, "metadata": text(rng), "expectedVersion": version });
            socket.ask("update-metadata", &change).await;
            let state = [json!(text(rng)), Value::Null].choose(rng).cloned();
            let change = json!({ "sid": session, "agentState": state, "expectedVersion": version });
            socket.ask("update-state", &change).await;
        }
        7 => {
            let body = json!({ "id": machine, "metadata": text(rng), "daemonState": text(rng),
                               "dataEncryptionKey": base64(rng) });
            http.post("/v1/machines", &body).await.expect(200);
        }
        8 => {
            let socket = person.socket().await;
            let change = json!({ "machineId": machine, "metadata": text(rng), "expectedVersion": version });
            socket.ask("machine-update-metadata", &change).await;
            let change =
                json!({ "machineId": machine, "daemonState": text(rng), "expectedVersion": version });
            socket.ask("machine-update-state", &change).await;
        }
        9 => {
            let body = json!({ "id": artifact, "header": base64(rng), "body": base64(rng),
                               "dataEncryptionKey": base64(rng) });
            http.post("/v1/artifacts", &body).await;
        }
        10 => {
            let body = json!({ "header": base64(rng), "expectedHeaderVersion": version,
                               "body": base64(rng), "expectedBodyVersion": 1 });
            http.post(&format!("/v1/artifacts/{artifact}"), &body).await;
        }
        11 => {
            let value = [json!(base64(rng)), Value::Null].choose(rng).cloned();
            let one = json!({ "key": name, "value": value, "version": version - 1 });
            http.post("/v1/kv", &json!({ "mutations": [one] })).await;
        }
        12 => {
            let path = format!("/v1/access-keys/{session}/{machine}");
            http.post(&path, &json!({ "data": text(rng) })).await;
            let body = json!({ "data": text(rng), "expectedVersion": version });
            http.send(http.request(Method::PUT, &path).json(&body)).await;
        }
        13 => {
            let settings = [json!(text(rng)), Value::Null].choose(rng).cloned();
            let body = json!({ "settings": settings, "expectedVersion": version });
            http.post("/v1/account/settings", &body).await;
        }
        14 => {
            http.delete(&format!("/v1/sessions/{session}")).await;
        }
        _ => {
            let gone = [format!("/v1/machines/{machine}"), format!("/v1/artifacts/{artifact}")];
            http.delete(gone.iter().choose(rng).unwrap()).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_done_the_count_is_that_of_the_bytes() {
    on_each_site(|site| async move {
        let mut rng = rand::rng();
        let mut people = Vec::new();
        for _ in 0..2 {
            people.push((site.person().await, Vec::new()));
        }
        for _ in 0..250 {
            let person = rng.random_range(0..people.len());
            let (person, sessions) = &mut people[person];
            do_something(person, sessions, &mut rng).await;
        }
        let [counted, said] = counts(&site.store).await;
        assert!(counted.values().all(|(kept, logged)| *kept > 0 && *logged > 0), "{counted:?}");
        assert_eq!(said, counted);
        let of_sessions = site.store.state.read(|conn| {
            let sql = "SELECT COUNT(*) FROM sync_sessions s WHERE message_bytes <>
                           COALESCE((SELECT SUM(OCTET_LENGTH(content)) FROM sync_messages WHERE session_id = s.id), 0)";
            conn.query_one(sql, &[], |row| row.int(0))
        });
        assert_eq!(of_sessions.await.map_err(|error: store::Error| error).unwrap(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_from_elsewhere_is_counted_when_it_is_here() {
    on_each_site(|site| async move {
        let importer = importer(&site.store, None).await;
        for (kind, rows) in rows() {
            take(&importer, kind, &rows).await;
        }
        importer.recount().await.unwrap();
        let [counted, said] = counts(&site.store).await;
        assert!(counted["u1"].0 > 0);
        assert_eq!(said, counted);
    })
    .await;
}

/// What an account without room may not do, and what it is told.
async fn is_full_at_every_door(person: &Person, session: &str) {
    let http = &person.http;
    let large = "x".repeat(1_000);
    let sealed = "eHh4".repeat(300);
    let path = format!("/v3/sessions/{session}/messages");
    let told = http
        .post(&path, &json!({ "messages": [{ "localId": "large", "content": large }] }))
        .await
        .expect(403);
    let message = "no room is left for this account; remove sessions, artifacts or values first";
    assert_eq!(told["error"], message);
    for (path, body) in [
        ("/v1/sessions".to_owned(), json!({ "tag": "other", "metadata": large })),
        ("/v1/machines".to_owned(), json!({ "id": "other", "metadata": large })),
        (
            "/v1/artifacts".to_owned(),
            json!({ "id": uuid::Uuid::new_v4(), "header": sealed, "body": "", "dataEncryptionKey": "a2V5" }),
        ),
        ("/v1/kv".to_owned(), json!({ "mutations": [{ "key": "other", "value": sealed, "version": -1 }] })),
        (format!("/v1/access-keys/{session}/m"), json!({ "data": large })),
        ("/v1/account/settings".to_owned(), json!({ "settings": large, "expectedVersion": 0 })),
    ] {
        assert_eq!(http.post(&path, &body).await.expect(403)["error"], message, "{path}");
    }
    let socket = person.socket().await;
    for (event, change) in [
        ("update-metadata", json!({ "sid": session, "metadata": large, "expectedVersion": 0 })),
        ("update-state", json!({ "sid": session, "agentState": large, "expectedVersion": 0 })),
        ("machine-update-metadata", json!({ "machineId": "m", "metadata": large, "expectedVersion": 1 })),
        ("machine-update-state", json!({ "machineId": "m", "daemonState": large, "expectedVersion": 0 })),
    ] {
        assert_eq!(socket.ask(event, &change).await["result"], "error", "{event}");
    }
    socket.emit("message", &json!({ "sid": session, "message": large }));
    let seqs = http.get(&path).await.expect(200);
    assert_eq!(seqs["messages"].as_array().unwrap().len(), 1, "nothing came of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_room_is_told_so_at_every_door_and_may_make_some() {
    testkit::on_each_engine(&[&sync::SCHEMA], |store| async move {
        let site = Site::of(SyncParts { account_bytes: 2_000, ..parts(store) }).await;
        let (ann, bob) = (site.person().await, site.person().await);
        let (session, other) = (ann.session("t").await, ann.session("u").await);
        ann.machine("m").await;
        let path = |session: &str| format!("/v3/sessions/{session}/messages");
        let messages = |content: &str| json!({ "messages": [{ "localId": content.len().to_string(), "content": content }] });
        ann.http.post(&path(&session), &messages("first")).await.expect(200);
        ann.http.post(&path(&other), &messages(&"x".repeat(1_500))).await.expect(200);
        let before = counts(&site.store).await;
        is_full_at_every_door(&ann, &session).await;
        assert_eq!(counts(&site.store).await, before, "what is refused leaves nothing");
        // Somebody else has room.
        let bobs = bob.session("t").await;
        bob.http.post(&path(&bobs), &messages(&"x".repeat(1_500))).await.expect(200);
        // What makes nothing larger may be written, and what is removed makes room.
        let socket = ann.socket().await;
        let change = json!({ "sid": session, "metadata": "short", "expectedVersion": 0 });
        assert_eq!(socket.ask("update-metadata", &change).await["result"], "success");
        ann.http.delete(&format!("/v1/sessions/{other}")).await.expect(200);
        ann.http.post(&path(&session), &messages(&"x".repeat(1_500))).await.expect(200);
        let operator = Operator::new(site.store.state.clone());
        let figures = operator.account(&ann.id().await).await.unwrap().unwrap();
        assert_eq!(figures.bytes, 5 + 5 + 6 + 1_500);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_from_before_is_counted_when_it_is_opened() {
    for database in databases().await {
        let old = database.open(&[before(7, &[])]).await;
        let filled = old.state.write(|conn| {
            conn.batch(
                "INSERT INTO sync_accounts (id, public_key, settings, created_at, updated_at)
                 VALUES ('a', 'A', 'set', 0, 0), ('b', 'B', NULL, 0, 0);
                 INSERT INTO sync_account_seqs (account_id, seq) VALUES ('a', 9), ('b', 0);
                 INSERT INTO sync_sessions (id, account_id, tag, metadata, agent_state, active_at, created_at, updated_at)
                 VALUES ('s', 'a', 't', 'meta', 'state', 0, 0, 0), ('e', 'a', 'u', 'meta', NULL, 0, 0, 0);
                 INSERT INTO sync_messages (session_id, seq, id, content, created_at)
                 VALUES ('s', 1, 'x', 'one', 0), ('s', 2, 'y', 'zwölf', 0);
                 INSERT INTO sync_machines (id, account_id, metadata, metadata_version, daemon_state_version, active_at,
                     created_at, updated_at)
                 VALUES ('m', 'a', 'machine', 1, 0, 0, 0, 0);
                 INSERT INTO sync_access_keys (session_id, machine_id, account_id, data, created_at, updated_at)
                 VALUES ('s', 'm', 'a', 'key', 0, 0);
                 INSERT INTO sync_values (account_id, key, value, version, updated_at) VALUES ('a', 'x', NULL, 1, 0);
                 INSERT INTO sync_updates (account_id, seq, audience, body, created_at) VALUES ('a', 9, 0, '{}', 0)",
            )
        });
        filled.await.map_err(|error: store::Error| error).unwrap();
        drop(old);
        let [counted, said] = counts(&database.open(&[&sync::SCHEMA]).await).await;
        assert_eq!(said["a"], (3 + 4 + 5 + 4 + 3 + 6 + 7 + 3, 2));
        assert_eq!(said, counted);
    }
}
