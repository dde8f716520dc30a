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
