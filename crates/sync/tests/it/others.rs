//! Settings, access keys, usage, devices, tokens of vendors.

use futures::future::join_all;
use serde_json::{Value, json};

use crate::site::on_each_site;

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_written_by_compare_and_set() {
    on_each_site(|site| async move {
        let person = site.person().await;
        let mut socket = person.socket().await;
        let first = person.http.get("/v1/account/settings").await.expect(200);
        assert_eq!(first, json!({ "settings": null, "settingsVersion": 0 }));
        let write = json!({ "settings": "s", "expectedVersion": 0 });
        let answers = join_all((0..6).map(|_| person.http.post("/v1/account/settings", &write))).await;
        let won = json!({ "success": true, "version": 1 });
        assert_eq!(answers.iter().filter(|answer| answer.expect(200) == won).count(), 1);
        let lost = json!({
            "success": false, "error": "version-mismatch", "currentVersion": 1, "currentSettings": "s",
        });
        assert_eq!(answers.iter().filter(|answer| answer.expect(200) == lost).count(), 5);
        assert_eq!(socket.updates(1).await[0]["settings"], json!({ "value": "s", "version": 1 }));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn access_keys() {
    on_each_site(|site| async move {
        let (ann, bob) = (site.person().await, site.person().await);
        let session = ann.session("t").await;
        ann.machine("m").await;
        let path = format!("/v1/access-keys/{session}/m");
        assert_eq!(ann.http.get(&path).await.expect(200), json!({ "accessKey": null }));
        ann.http.put(&path, &json!({ "data": "d", "expectedVersion": 0 })).await.expect(404);
        let made = ann.http.post(&path, &json!({ "data": "d" })).await.expect(200);
        assert_eq!((&made["accessKey"]["data"], &made["accessKey"]["dataVersion"]), (&json!("d"), &json!(1)));
        ann.http.post(&path, &json!({ "data": "d" })).await.expect(409);
        let replaced = ann.http.put(&path, &json!({ "data": "e", "expectedVersion": 1 })).await.expect(200);
        assert_eq!(replaced, json!({ "success": true, "version": 2 }));
        let stale = ann.http.put(&path, &json!({ "data": "f", "expectedVersion": 1 })).await.expect(200);
        assert_eq!(
            (&stale["success"], &stale["currentVersion"], &stale["currentData"]),
            (&json!(false), &json!(2), &json!("e"))
        );
        let socket = ann.socket().await;
        let read = socket.ask("access-key-get", &json!({ "sessionId": session, "machineId": "m" })).await;
        assert_eq!((&read["ok"], &read["accessKey"]["data"]), (&json!(true), &json!("e")));
        for answer in [
            bob.http.get(&path).await,
            bob.http.post(&path, &json!({ "data": "x" })).await,
            ann.http.get(&format!("/v1/access-keys/{session}/none")).await,
        ] {
            assert_eq!(answer.expect(404), json!({ "error": "Session or machine not found" }));
        }
        bob.http.put(&path, &json!({ "data": "x", "expectedVersion": 2 })).await.expect(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn usage_is_summed_up() {
    on_each_site(|site| async move {
        let person = site.person().await;
        let session = person.session("t").await;
        let mut user = person.socket().await;
        let socket = person.session_socket(&session).await;
        let report =
            json!({ "key": "k", "sessionId": session, "tokens": { "total": 3 }, "cost": { "total": 0.5 } });
        for _ in 0..2 {
            assert_eq!(socket.ask("usage-report", &report).await["success"], true);
        }
        let heard = user.until("ephemeral", |heard| heard["type"] == "usage").await;
        assert_eq!(heard["tokens"]["total"].as_f64(), Some(3.0), "as it was sent");
        let summary = person.http.post("/v1/usage/query", &json!({ "sessionId": session })).await.expect(200);
        assert_eq!(summary["usage"][0]["tokens"]["total"].as_f64(), Some(6.0), "as it adds up");
        assert_eq!((&summary["groupBy"], &summary["totalReports"]), (&json!("day"), &json!(1)));
        let other = json!({ "key": "k", "tokens": { "total": 1 }, "cost": { "total": 1 } });
        assert_eq!(socket.ask("usage-report", &other).await["success"], true, "of no session");
        for (wrong, error) in [
            (json!({}), "Invalid key"),
            (json!({ "key": "k", "tokens": {} }), "Invalid tokens object - must include total"),
            (json!({ "key": "k", "tokens": { "total": 1 } }), "Invalid cost object - must include total"),
            (
                json!({ "key": "k", "sessionId": "x", "tokens": { "total": 1 }, "cost": { "total": 1 } }),
                "Session not found",
            ),
        ] {
            let answer = socket.ask("usage-report", &wrong).await;
            assert_eq!(answer, json!({ "success": false, "error": error }));
        }
        person.http.post("/v1/usage/query", &json!({ "sessionId": "x" })).await.expect(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_and_attention() {
    on_each_site(|site| async move {
        let person = site.person().await;
        let session = person.session("t").await;
        let mut user = person.socket().await;
        let path = format!("/v1/sessions/{session}/push-event");
        let event = json!({ "kind": "done", "title": "t", "body": "b" });
        let answer = person.http.post(&path, &event).await.expect(200);
        assert_eq!(answer, json!({ "success": true, "result": "no_tokens" }));
        user.until("ephemeral", |heard| heard["type"] == "session-event" && heard["title"] == "t").await;
        person.http.post("/v1/push-tokens", &json!({ "token": "one" })).await.expect(200);
        person.http.post("/v1/push-tokens", &json!({ "token": "one" })).await.expect(200);
        let listed = person.http.get("/v1/push-tokens").await.expect(200);
        assert_eq!(
            (listed["tokens"].as_array().unwrap().len(), &listed["tokens"][0]["token"]),
            (1, &json!("one"))
        );
        assert_eq!(person.http.post(&path, &event).await.expect(200)["result"], "failed");
        user.emit("app-state", &json!({ "state": "active" }));
        user.ask("ping", &Value::Null).await;
        assert_eq!(person.http.post(&path, &event).await.expect(200)["result"], "suppressed");
        person.http.delete("/v1/push-tokens/one").await.expect(200);
        person.http.post(&path, &json!({ "kind": "done", "title": "", "body": "b" })).await.expect(400);
        person.http.post("/v1/sessions/x/push-event", &event).await.expect(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_of_vendors_are_sealed() {
    on_each_site(|site| async move {
        let (ann, bob) = (site.person().await, site.person().await);
        ann.http.post("/v1/connect/openai/register", &json!({ "token": "sk-secret" })).await.expect(200);
        let found = ann.http.get("/v1/connect/openai/token").await.expect(200);
        assert_eq!(found, json!({ "token": "sk-secret" }));
        let all = ann.http.get("/v1/connect/tokens").await.expect(200);
        assert_eq!(all, json!({ "tokens": [{ "vendor": "openai", "token": "sk-secret" }] }));
        let stored = site.store.state.read(|conn| {
            conn.query_one("SELECT token FROM sync_vendor_tokens", &[], |row| {
                Ok::<_, store::Error>(row.blob(0)?.to_vec())
            })
        });
        let stored = stored.await.unwrap();
        assert!(!stored.windows(6).any(|bytes| bytes == b"secret"));
        assert_eq!(
            ann.http.get("/v1/account/profile").await.expect(200)["connectedServices"],
            json!(["openai"])
        );
        assert_eq!(bob.http.get("/v1/connect/openai/token").await.expect(200), json!({ "token": null }));
        bob.http.delete("/v1/connect/openai").await.expect(404);
        ann.http.delete("/v1/connect/openai").await.expect(200);
        ann.http.post("/v1/connect/other/register", &json!({ "token": "x" })).await.expect(400);
    })
    .await;
}
