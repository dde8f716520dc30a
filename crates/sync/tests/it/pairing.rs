//! Letting a terminal in.

use data_encoding::BASE64;
use serde_json::json;
use store::v;

use crate::site::{Site, on_each_site};

fn key() -> String {
    BASE64.encode(&rand::random::<[u8; 32]>())
}

async fn status(site: &Site, key: &str) -> serde_json::Value {
    site.client.get_with("/v1/auth/request/status", &[("publicKey", key)]).await.expect(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_is_let_in_once() {
    on_each_site(|site| async move {
        let (person, key) = (site.person().await, key());
        assert_eq!(status(&site, &key).await, json!({ "status": "not_found", "supportsV2": false }));
        let wish = json!({ "publicKey": key, "supportsV2": true });
        for _ in 0..2 {
            let waiting = site.client.post("/v1/auth/request", &wish).await.expect(200);
            assert_eq!(waiting, json!({ "state": "requested" }));
        }
        assert_eq!(status(&site, &key).await, json!({ "status": "pending", "supportsV2": true }));
        for response in ["first", "second"] {
            let answer = json!({ "publicKey": key, "response": response });
            person.http.post("/v1/auth/response", &answer).await.expect(200);
        }
        assert_eq!(status(&site, &key).await, json!({ "status": "authorized", "supportsV2": false }));
        let authorized = site.client.post("/v1/auth/request", &wish).await.expect(200);
        assert_eq!((&authorized["state"], &authorized["response"]), (&json!("authorized"), &json!("first")));
        let terminal = site.client.with_bearer(authorized["token"].as_str().unwrap());
        let profile = terminal.get("/v1/account/profile").await.expect(200);
        assert_eq!(profile["id"], json!(person.id().await));
        let again = site.client.post("/v1/auth/request", &wish).await.expect(200);
        assert_eq!(again, json!({ "state": "requested" }), "the answer was for one");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_nobody_answers_in_time_is_forgotten() {
    on_each_site(|site| async move {
        let (person, key) = (site.person().await, key());
        site.client.post("/v1/auth/request", &json!({ "publicKey": key })).await.expect(200);
        let aged = site.store.state.write(|conn| {
            conn.execute(
                "UPDATE sync_pairings SET created_at = created_at - $1",
                &[v(16 * 60 * 1_000_000_i64)],
            )
        });
        assert_eq!(aged.await.unwrap(), 1);
        assert_eq!(status(&site, &key).await["status"], "not_found");
        let answer = json!({ "publicKey": key, "response": "late" });
        let refused = person.http.post("/v1/auth/response", &answer).await.expect(404);
        assert_eq!(refused, json!({ "error": "Request not found" }));
        site.client
            .post("/v1/auth/request", &json!({ "publicKey": key, "supportsV2": true }))
            .await
            .expect(200);
        assert_eq!(status(&site, &key).await, json!({ "status": "pending", "supportsV2": true }), "anew");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_keys_and_foreign_kinds() {
    on_each_site(|site| async move {
        let person = site.person().await;
        let short = json!({ "publicKey": "AAAA", "response": "x" });
        for path in ["/v1/auth/request", "/v1/auth/account/request"] {
            let refused = site.client.post(path, &short).await.expect(401);
            assert_eq!(refused, json!({ "error": "Invalid public key" }));
        }
        person.http.post("/v1/auth/response", &short).await.expect(401);
        site.client.post("/v1/auth/response", &short).await.expect(401);
        let wish = json!({ "publicKey": key(), "response": "x" });
        site.client.post("/v1/auth/account/request", &wish).await.expect(200);
        person.http.post("/v1/auth/response", &wish).await.expect(404);
        person.http.post("/v1/auth/account/response", &wish).await.expect(200);
        let authorized = site.client.post("/v1/auth/account/request", &wish).await.expect(200);
        assert_eq!(authorized["response"], "x");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_keeps_all_others_waiting() {
    on_each_site(|site| async move {
        let keys: Vec<String> = (0..25).map(|_| key()).collect();
        for key in &keys {
            site.client.post("/v1/auth/request", &json!({ "publicKey": key })).await.expect(200);
        }
        for (n, key) in keys.iter().enumerate() {
            let expected = if n < 5 { "not_found" } else { "pending" };
            assert_eq!(status(&site, key).await["status"], expected, "{n}: the oldest give way");
        }
        let crowd = site.store.state.write(|conn| {
            let now = clock::now_micros();
            for n in 0..10_000 {
                let (key, address) = (n.to_string(), format!("192.0.2.{}", n / 20));
                conn.execute(
                    "INSERT INTO sync_pairings (kind, public_key, supports_v2, created_at, address)
                     VALUES ('terminal', $1, 0, $2, $3)",
                    &[v(&key), v(now), v(&address)],
                )?;
            }
            Ok::<_, store::Error>(())
        });
        crowd.await.unwrap();
        let waits = json!({ "publicKey": keys[24] });
        let answer = site.client.post("/v1/auth/request", &waits).await.expect(200);
        assert_eq!(answer, json!({ "state": "requested" }), "whoever waits goes on waiting");
        let refused = site.client.post("/v1/auth/request", &json!({ "publicKey": key() })).await.expect(429);
        assert_eq!(refused, json!({ "error": "Too many wait to be let in. Try again in a few minutes." }));
    })
    .await;
}
