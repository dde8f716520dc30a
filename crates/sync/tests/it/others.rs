//! Settings, access keys, usage, devices, tokens of vendors.

use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use sync::SyncParts;

use crate::site::{Site, on_each_site, parts};

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
        ann.machine("large").await;
        let large = json!({ "data": "x".repeat(3 << 20) });
        ann.http.post(&format!("/v1/access-keys/{session}/large"), &large).await.expect(200);
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
        let odd = json!({
            "key": "odd", "sessionId": session, "cost": { "total": 0, "input": null },
            "tokens": { "total": 1, "model": "opus", "input": null, "nested": {}, "output": 1.5 },
        });
        assert_eq!(socket.ask("usage-report", &odd).await["success"], true, "the numbers count");
        let heard = user.until("ephemeral", |heard| heard["key"] == "odd").await;
        assert_eq!(heard["tokens"], json!({ "total": 1.0, "output": 1.5 }));
        let summary = person.http.post("/v1/usage/query", &json!({ "sessionId": session })).await.expect(200);
        assert_eq!(summary["usage"][0]["tokens"], json!({ "total": 7.0, "output": 1.5 }));
        let other = json!({ "key": "k", "tokens": { "total": 1 }, "cost": { "total": 1 } });
        assert_eq!(socket.ask("usage-report", &other).await["success"], true, "of no session");
        for (wrong, error) in [
            (json!({}), "Invalid key"),
            (json!({ "key": "k", "tokens": {} }), "Invalid tokens object - must include total"),
            (
                json!({ "key": "k", "tokens": { "total": "1" }, "cost": { "total": 1 } }),
                "Invalid tokens object - must include total",
            ),
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

#[tokio::test(flavor = "multi_thread")]
async fn words_are_counted_as_people_count() {
    on_each_site(|site| async move {
        let person = site.person().await;
        let session = person.session("t").await;
        let path = format!("/v1/sessions/{session}/push-event");
        let event = |title: usize, body: usize| {
            json!({ "kind": "done", "title": "字".repeat(title), "body": "🦀".repeat(body) })
        };
        for (title, body, status) in [(200, 500, 200), (201, 1, 400), (1, 501, 400), (0, 1, 400)] {
            person.http.post(&path, &event(title, body)).await.expect(status);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_may_be_read_by_every_page() {
    on_each_site(|site| async move {
        let page = site.client.with_header("origin", "https://app.example");
        for client in [&site.client, &page] {
            let paths =
                ["/v1/sessions", "/v1/nothing", "/v3/x", "/files/none", "/v1/updates/?EIO=3", "/v1/updates"];
            for path in paths {
                let answer = client.get(path).await;
                assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
            }
        }
        let asked = "authorization,content-type,x-happy-client";
        for (path, methods) in
            [("/v1/sessions", "GET, POST, PUT, DELETE"), ("/v1/updates/", "GET,POST,OPTIONS")]
        {
            let preflight =
                page.request(Method::OPTIONS, path).header("access-control-request-method", "POST");
            let answer = page.send(preflight.header("access-control-request-headers", asked)).await;
            assert_eq!((answer.status, answer.header("access-control-allow-methods")), (204, methods));
            assert_eq!(answer.header("access-control-allow-headers"), asked);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attachments_are_where_the_server_is_for_everybody() {
    testkit::on_each_engine(&[&sync::SCHEMA], |store| async move {
        let public_url = Some("https://relay.example/base".parse().unwrap());
        let site = Site::of(SyncParts { public_url, ..parts(store) }).await;
        let person = site.person().await;
        let session = person.session("t").await;
        let path = format!("/v1/sessions/{session}/attachments/request-upload");
        let proxied = person.http.with_header("x-forwarded-host", "elsewhere.example");
        let ticket = proxied.post(&path, &json!({ "filename": "f", "size": 1 })).await.expect(200);
        let url = ticket["uploadUrl"].as_str().unwrap();
        assert!(url.starts_with("https://relay.example/base/v1/sessions/"), "{url}");
    })
    .await;
}
