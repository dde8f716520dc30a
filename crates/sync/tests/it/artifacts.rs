//! Artifacts.

use futures::future::join_all;
use serde_json::{Value, json};

use crate::site::on_each_site;

const ID: &str = "6f2c6a2e-4f62-4f7e-9d5c-0a6f4d1f8a11";

fn new(id: &str) -> Value {
    json!({ "id": id, "header": "aGVhZA==", "body": "Ym9keQ==", "dataEncryptionKey": "a2V5" })
}

#[tokio::test(flavor = "multi_thread")]
async fn live_and_change() {
    on_each_site(|site| async move {
        let (ann, bob) = (site.person().await, site.person().await);
        let mut socket = ann.socket().await;
        let made = ann.http.post("/v1/artifacts", &new(ID)).await.expect(200);
        assert_eq!(
            (&made["headerVersion"], &made["bodyVersion"], &made["seq"]),
            (&json!(1), &json!(1), &json!(0))
        );
        assert_eq!(ann.http.post("/v1/artifacts", &new(ID)).await.expect(200), made);
        bob.http.post("/v1/artifacts", &new(ID)).await.expect(409);
        for other in ["x", &ID.replace('-', ""), &format!("{{{ID}}}"), &format!("urn:uuid:{ID}")] {
            ann.http.post("/v1/artifacts", &new(other)).await.expect(400);
        }
        let path = format!("/v1/artifacts/{ID}");
        assert_eq!(ann.http.get(&path).await.expect(200), made);
        let listed = ann.http.get("/v1/artifacts").await.expect(200);
        assert_eq!((&listed[0]["header"], listed[0].get("body")), (&json!("aGVhZA=="), None));
        let change = json!({ "header": "bmV3", "expectedHeaderVersion": 1, "body": "bmV3" });
        let answer = ann.http.post(&path, &change).await.expect(200);
        assert_eq!(answer, json!({ "success": true, "headerVersion": 2 }));
        let stale =
            json!({ "header": "eA==", "expectedHeaderVersion": 1, "body": "eA==", "expectedBodyVersion": 1 });
        let answer = ann.http.post(&path, &stale).await.expect(200);
        let fresh = json!({
            "success": false, "error": "version-mismatch", "currentHeaderVersion": 2, "currentHeader": "bmV3",
        });
        assert_eq!(answer, fresh);
        bob.http.get(&path).await.expect(404);
        bob.http.post(&path, &change).await.expect(404);
        bob.http.delete(&path).await.expect(404);
        let told = socket.updates(2).await;
        assert_eq!(told[0]["t"], "new-artifact");
        let update =
            json!({ "t": "update-artifact", "artifactId": ID, "header": { "value": "bmV3", "version": 2 } });
        assert_eq!(told[1], update);
        ann.http.delete(&path).await.expect(200);
        assert_eq!(socket.updates(3).await[2], json!({ "t": "delete-artifact", "artifactId": ID }));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_writers_one_wins() {
    on_each_site(|site| async move {
        let person = site.person().await;
        let socket = person.socket().await;
        let created = socket.ask("artifact-create", &new("not a uuid")).await;
        assert_eq!(
            (&created["result"], created["artifact"].get("dataEncryptionKey")),
            (&json!("success"), None)
        );
        let change = json!({ "artifactId": "not a uuid", "body": { "data": "bmV3", "expectedVersion": 1 } });
        let answers = join_all((0..8).map(|_| socket.ask("artifact-update", &change))).await;
        let won = json!({ "result": "success", "body": { "version": 2, "data": "bmV3" } });
        assert_eq!(answers.iter().filter(|answer| **answer == won).count(), 1);
        let lost =
            json!({ "result": "version-mismatch", "body": { "currentVersion": 2, "currentData": "bmV3" } });
        assert_eq!(answers.iter().filter(|answer| **answer == lost).count(), 7);
        for (wrong, message) in [
            (json!({ "artifactId": "not a uuid" }), "No updates provided"),
            (json!({ "artifactId": "not a uuid", "header": {} }), "Invalid header parameters"),
            (json!({ "artifactId": "not a uuid", "body": { "data": "x" } }), "Invalid body parameters"),
            (json!({}), "Invalid parameters"),
        ] {
            let answer = socket.ask("artifact-update", &wrong).await;
            assert_eq!(answer, json!({ "result": "error", "message": message }));
        }
        let read = socket.ask("artifact-read", &json!({ "artifactId": "not a uuid" })).await;
        assert_eq!((&read["artifact"]["body"], &read["artifact"]["seq"]), (&json!("bmV3"), &json!(1)));
        let gone = json!({ "artifactId": "nothing" });
        let unknown = json!({ "result": "error", "message": "Artifact not found" });
        assert_eq!(socket.ask("artifact-delete", &gone).await, unknown);
    })
    .await;
}
