//! Keys and values.

use futures::future::join_all;
use serde_json::{Value, json};

use crate::site::on_each_site;

fn one(key: &str, value: &Value, version: i64) -> Value {
    json!({ "mutations": [{ "key": key, "value": value, "version": version }] })
}

#[tokio::test(flavor = "multi_thread")]
async fn are_written_all_or_none() {
    on_each_site(|site| async move {
        let (ann, bob) = (site.person().await, site.person().await);
        let mut socket = ann.socket().await;
        let both = json!({ "mutations": [
            { "key": "a/1", "value": "MQ==", "version": -1 }, { "key": "a/2", "value": "Mg==", "version": -1 },
        ] });
        let answer = ann.http.post("/v1/kv", &both).await.expect(200);
        let results = json!([{ "key": "a/1", "version": 0 }, { "key": "a/2", "version": 0 }]);
        assert_eq!(answer, json!({ "success": true, "results": results }));
        let mixed = json!({ "mutations": [
            { "key": "a/1", "value": "eA==", "version": 0 }, { "key": "a/2", "value": "eA==", "version": 7 },
        ] });
        let conflict = ann.http.post("/v1/kv", &mixed).await.expect(409);
        let error = json!({ "key": "a/2", "error": "version-mismatch", "version": 0, "value": "Mg==" });
        assert_eq!(conflict, json!({ "success": false, "errors": [error] }));
        let read = ann.http.get("/v1/kv/a%2F1").await.expect(200);
        assert_eq!(read, json!({ "key": "a/1", "value": "MQ==", "version": 0 }));
        let twice = json!({ "mutations": [
            { "key": "b", "value": "MQ==", "version": -1 }, { "key": "b", "value": "MQ==", "version": -1 },
        ] });
        ann.http.post("/v1/kv", &twice).await.expect(409);
        ann.http.post("/v1/kv", &one("a/1", &Value::Null, 0)).await.expect(200);
        ann.http.get("/v1/kv/a%2F1").await.expect(404);
        ann.http.post("/v1/kv", &one("a/1", &json!("eA=="), -1)).await.expect(409);
        ann.http.post("/v1/kv", &one("a/1", &json!("eA=="), 1)).await.expect(200);
        let listed = ann.http.get("/v1/kv?prefix=a/").await.expect(200);
        assert_eq!(listed["items"].as_array().unwrap().len(), 2);
        let bulk = ann.http.post("/v1/kv/bulk", &json!({ "keys": ["a/2", "none", "a/1"] })).await.expect(200);
        assert_eq!(bulk["values"].as_array().unwrap().len(), 2);
        bob.http.get("/v1/kv/a%2F1").await.expect(404);
        assert_eq!(bob.http.get("/v1/kv").await.expect(200), json!({ "items": [] }));
        let told = socket.updates(3).await;
        assert_eq!(told[1], json!({ "t": "kv-batch-update", "changes": [{ "key": "a/1", "value": null, "version": 1 }] }));
        for body in [json!({ "mutations": [] }), json!({ "keys": [] }), json!({})] {
            ann.http.post("/v1/kv", &body).await.expect(400);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_writers_one_wins() {
    on_each_site(|site| async move {
        let person = site.person().await;
        let write = one("k", &json!("MQ=="), -1);
        let answers = join_all((0..8).map(|_| person.http.post("/v1/kv", &write))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        for lost in answers.iter().filter(|answer| answer.status != 200) {
            assert_eq!(lost.expect(409)["errors"][0]["version"], 0);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_malformed_removes_nothing() {
    on_each_site(|site| async move {
        let person = site.person().await;
        person.http.post("/v1/kv", &one("k", &json!("MQ=="), -1)).await.expect(200);
        for wrong in [
            one("k", &json!("!!!"), 0),
            one("k", &json!("M_-="), 0),
            json!({ "mutations": [{ "key": "k", "version": 0 }] }),
        ] {
            person.http.post("/v1/kv", &wrong).await.expect(400);
        }
        let kept = person.http.get("/v1/kv/k").await.expect(200);
        assert_eq!((&kept["value"], &kept["version"]), (&json!("MQ=="), &json!(0)));
        person.http.post("/v1/kv", &one("new", &json!("M_-="), -1)).await.expect(200);

        let settings = json!({ "settings": "s", "expectedVersion": 0 });
        person.http.post("/v1/account/settings", &settings).await.expect(200);
        person.http.post("/v1/account/settings", &json!({ "expectedVersion": 1 })).await.expect(400);
        assert_eq!(person.http.get("/v1/account/settings").await.expect(200)["settings"], "s");
        let none = json!({ "settings": null, "expectedVersion": 1 });
        assert_eq!(person.http.post("/v1/account/settings", &none).await.expect(200)["version"], 2);

        let session = person.session("t").await;
        let socket = person.session_socket(&session).await;
        let state = json!({ "sid": session, "agentState": "s", "expectedVersion": 0 });
        assert_eq!(socket.ask("update-state", &state).await["version"], 1);
        let forgotten = json!({ "sid": session, "expectedVersion": 1 });
        assert_eq!(socket.ask("update-state", &forgotten).await, json!({ "result": "error" }));
        let null = json!({ "sid": session, "agentState": null, "expectedVersion": 1 });
        let removed = json!({ "result": "success", "version": 2, "agentState": null });
        assert_eq!(socket.ask("update-state", &null).await, removed);
    })
    .await;
}
