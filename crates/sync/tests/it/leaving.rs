//! Taking everything along, and leaving nothing behind.

use std::collections::BTreeMap;
use std::time::Duration;

use cache::{Cache, MemoryConfig};
use data_encoding::BASE64;
use reqwest::Method;
use serde_json::{Value, json};
use store::v;
use testkit::{HttpClient, TestDatabase, row_counts};

use crate::site::{Person, Site, on_each_site};

/// Fills an account with something of everything; the session.
async fn settle(site: &Site, person: &Person, name: &str) -> String {
    let session = person.session(name).await;
    person.post(&session, &["one", "two"]).await;
    person.machine(name).await;
    let http = &person.http;
    http.post(&format!("/v1/access-keys/{session}/{name}"), &json!({ "data": "access" })).await.expect(200);
    let artifact = json!({
        "id": uuid::Uuid::new_v4(), "header": "aGVhZA==", "body": "Ym9keQ==", "dataEncryptionKey": "a2V5",
    });
    http.post("/v1/artifacts", &artifact).await.expect(200);
    let value = json!({ "mutations": [{ "key": "k", "value": "dmFsdWU=", "version": -1 }] });
    http.post("/v1/kv", &value).await.expect(200);
    http.post("/v1/account/settings", &json!({ "settings": "set", "expectedVersion": 0 })).await.expect(200);
    http.post("/v1/push-tokens", &json!({ "token": "device" })).await.expect(200);
    http.post("/v1/connect/openai/register", &json!({ "token": "sk" })).await.expect(200);
    let attachment = format!("/v1/sessions/{session}/attachments/a.enc");
    http.send(http.request(Method::PUT, &attachment).body("sealed")).await.expect(200);
    let report = json!({
        "key": "k", "sessionId": session, "tokens": { "total": 3 }, "cost": { "total": 1 },
    });
    assert_eq!(person.socket().await.ask("usage-report", &report).await["success"], true);
    let wish = json!({ "publicKey": BASE64.encode(&rand::random::<[u8; 32]>()), "response": "opaque" });
    site.client.post("/v1/auth/request", &wish).await.expect(200);
    http.post("/v1/auth/response", &wish).await.expect(200);
    session
}

/// The lines of an export, by kind; the last one says how many the others are.
async fn export(client: &HttpClient) -> BTreeMap<String, Vec<Value>> {
    let answer = client.get("/v1/account/export").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/x-ndjson"));
    let lines: Vec<Value> = answer.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.last().unwrap(), &json!({ "kind": "end", "lines": lines.len() - 1 }));
    let mut kinds: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in lines {
        kinds.entry(line["kind"].as_str().unwrap().to_owned()).or_default().push(line);
    }
    kinds
}

async fn delete(client: &HttpClient, confirm: &str, status: u16) -> Value {
    client.delete(&format!("/v1/account?confirm={confirm}")).await.expect(status)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_everything_of_the_account_and_of_nobody_else() {
    on_each_site(|site| async move {
        let (ann, bob) = (site.person().await, site.person().await);
        let session = settle(&site, &ann, "ann").await;
        settle(&site, &bob, "bob").await;
        ann.http.post("/v1/friends/add", &json!({ "uid": bob.id().await })).await.expect(200);
        bob.http.post("/v1/friends/add", &json!({ "uid": ann.id().await })).await.expect(200);
        let found = export(&ann.http).await;
        let kinds: Vec<_> = found.keys().map(String::as_str).collect();
        let expected = [
            "accessKey",
            "account",
            "artifact",
            "attachment",
            "end",
            "feedItem",
            "machine",
            "message",
            "pushToken",
            "relationship",
            "session",
            "token",
            "usageReport",
            "value",
            "vendorToken",
        ];
        assert_eq!(kinds, expected);
        let one = |kind: &str| {
            assert_eq!(found[kind].len(), 1, "{kind}");
            found[kind][0].clone()
        };
        assert_eq!(one("account")["settings"], "set");
        assert_eq!(one("artifact")["body"], "Ym9keQ==");
        assert_eq!(one("value")["value"], "dmFsdWU=");
        assert_eq!(one("attachment")["content"], BASE64.encode(b"sealed"));
        assert_eq!(one("vendorToken")["token"], "sk");
        assert_eq!(one("usageReport")["tokens"]["total"].as_f64(), Some(3.0));
        assert_eq!(one("session")["id"], session);
        assert_eq!(one("machine")["id"], "ann");
        let contents: Vec<_> = found["message"].iter().map(|line| (&line["seq"], &line["content"])).collect();
        assert_eq!(contents, [(&json!(1), &json!("one")), (&json!(2), &json!("two"))]);
        let text = format!("{found:?}");
        assert!(!text.contains(&ann.token), "a token is nowhere");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_reads_on_from_page_to_page_without_a_gap() {
    on_each_site(|site| async move {
        let person = site.person().await;
        let session = person.session("t").await;
        for page in 0..11 {
            let names: Vec<String> = (0..100).map(|name| format!("{page}-{name}")).collect();
            person.post(&session, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
        }
        let large = "x".repeat(1_500_000);
        for tag in 0..4 {
            let body = json!({ "tag": format!("large-{tag}"), "metadata": large });
            person.http.post("/v1/sessions", &body).await.expect(200);
        }
        let value = |key: String| json!({ "key": key, "value": "eA==", "version": -1 });
        for page in 0..6 {
            let mutations: Vec<Value> = (0..100).map(|key| value(format!("{page}/{key}"))).collect();
            person.http.post("/v1/kv", &json!({ "mutations": mutations })).await.expect(200);
        }
        person.http.post("/v1/kv", &json!({ "mutations": [value(String::new())] })).await.expect(200);
        let found = export(&person.http).await;
        let seqs: Vec<i64> = found["message"].iter().map(|line| line["seq"].as_i64().unwrap()).collect();
        assert_eq!(seqs, (1..=1100).collect::<Vec<_>>());
        assert_eq!((found["session"].len(), found["value"].len()), (5, 601));
        assert!(found["session"].iter().filter(|line| line["metadata"] == large.as_str()).count() == 4);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_account_leaves_no_row_behind() {
    on_each_site(|site| async move {
        let bob = site.person().await;
        settle(&site, &bob, "bob").await;
        let before = row_counts(&site.store, &sync::SCHEMA).await;
        let ann = site.person().await;
        let id = ann.id().await;
        settle(&site, &ann, "ann").await;
        bob.http.post("/v1/friends/add", &json!({ "uid": id })).await.expect(200);
        ann.http.post("/v1/friends/add", &json!({ "uid": bob.id().await })).await.expect(200);
        let mut socket = ann.socket().await;
        assert_eq!(delete(&ann.http, &id, 200).await, json!({ "success": true }));
        socket.until("disconnect", |_| true).await;
        assert_eq!(ann.http.get("/v1/sessions").await.expect(401), json!({ "error": "Invalid token" }));
        let mut after = row_counts(&site.store, &sync::SCHEMA).await;
        // What bob was told of it is his counter's and his log's.
        after.insert("sync_updates", before["sync_updates"]);
        assert_eq!(after, before);
        assert_eq!(bob.http.get("/v1/friends").await.expect(200), json!({ "friends": [] }));
        assert_eq!(bob.http.get("/v1/feed").await.expect(200)["items"], json!([]));
        assert_eq!(export(&bob.http).await["message"].len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_device_of_the_account_deletes_it_and_only_on_purpose() {
    on_each_site(|site| async move {
        let (ann, bob) = (site.person().await, site.person().await);
        let id = ann.id().await;
        let wish = json!({ "publicKey": BASE64.encode(&[7; 32]), "response": "opaque" });
        site.client.post("/v1/auth/request", &wish).await.expect(200);
        ann.http.post("/v1/auth/response", &wish).await.expect(200);
        let let_in = site.client.post("/v1/auth/request", &wish).await.expect(200);
        let terminal = site.client.with_bearer(let_in["token"].as_str().unwrap());
        delete(&terminal, &id, 403).await;
        delete(&bob.http, &id, 400).await;
        delete(&ann.http, "", 400).await;
        ann.http.delete("/v1/account").await.expect(400);
        assert_eq!(ann.id().await, id);
        delete(&ann.http, &id, 200).await;
        terminal.get("/v1/sessions").await.expect(401);
        bob.id().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_that_was_interrupted_is_finished_by_the_next_server() {
    on_each_site(|site| async move {
        let ann = site.person().await;
        let id = ann.id().await;
        settle(&site, &ann, "ann").await;
        let marked = site.store.state.write(move |conn| {
            conn.execute("UPDATE sync_accounts SET public_key = 'deleted:' || id WHERE id = $1", &[v(&id)])
        });
        assert_eq!(marked.await.unwrap(), 1);
        let next = Site::start(site.store.clone()).await;
        while row_counts(&next.store, &sync::SCHEMA).await.values().sum::<i64>() > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_at_other_instances_are_closed() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let cache = Cache::memory(MemoryConfig::default());
    let here = Site::with_cache(database.open(&[&sync::SCHEMA]).await, cache.clone()).await;
    let there = Site::with_cache(database.open(&[&sync::SCHEMA]).await, cache).await;
    let person = here.person().await;
    let mut socket = person.at(&there).socket().await;
    delete(&person.http, &person.id().await, 200).await;
    socket.until("disconnect", |_| true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_account_one_export_is_under_way() {
    on_each_site(|site| async move {
        let (ann, bob) = (site.person().await, site.person().await);
        let session = ann.session("t").await;
        ann.post(&session, &["a", "b", "c", "d"]).await;
        let swollen = site.store.state.write(|conn| {
            let content = "x".repeat(8 << 20);
            conn.execute("UPDATE sync_messages SET content = $1", &[v(&content)])
        });
        let _: u64 = swollen.await.map_err(|error: store::Error| error).unwrap();
        // More than fits between here and there, and nobody takes it.
        let untaken = ann.http.request(Method::GET, "/v1/account/export").send().await.unwrap();
        let refused = ann.http.get("/v1/account/export").await.expect(429);
        let message = "An export of this account is under way. Try again when it has ended.";
        assert_eq!(refused, json!({ "error": message }));
        export(&bob.http).await;
        drop(untaken);
        for _ in 0..100 {
            if ann.http.request(Method::GET, "/v1/account/export").send().await.unwrap().status() == 200 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("whoever went away keeps the place");
    })
    .await;
}
