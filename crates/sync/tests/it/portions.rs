//! Lists of what only clients can read: bounded in bytes, whatever clients leave here.

use std::sync::LazyLock;

use serde_json::json;
use store::{Value, v};

use crate::site::{Site, on_each_site};
use crate::socket::Socket;

fn large(mebibytes: usize) -> String {
    "x".repeat(mebibytes << 20)
}

fn seqs(page: &serde_json::Value) -> Vec<i64> {
    page["messages"].as_array().unwrap().iter().map(|message| message["seq"].as_i64().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_come_in_pages_that_are_not_too_large() {
    on_each_site(|site| async move {
        let person = site.person().await;
        let session = person.session("t").await;
        let path = format!("/v3/sessions/{session}/messages");
        for n in 0..3 {
            let message = json!({ "localId": n.to_string(), "content": large(7) });
            person.http.post(&path, &json!({ "messages": [message] })).await.expect(200);
        }
        for (from, expected, has_more) in [
            ("after_seq=0&limit=500", vec![1, 2], true),
            ("after_seq=2", vec![3], false),
            ("after_seq=1&limit=1", vec![2], true),
            ("before_seq=100&limit=500", vec![3, 2], true),
            ("before_seq=2", vec![1], false),
        ] {
            let page = person.http.get(&format!("{path}?{from}")).await.expect(200);
            assert_eq!((seqs(&page), &page["hasMore"]), (expected, &json!(has_more)), "{from}");
        }
        let oldest = person.http.get(&format!("/v1/sessions/{session}/messages")).await.expect(200);
        assert_eq!(seqs(&oldest), [3, 2, 1]);

        let (mut after, mut told) = (0, 0);
        loop {
            let missed = person.http.get(&format!("/v1/updates/since/{after}")).await.expect(200);
            let updates = missed["updates"].as_array().unwrap();
            assert!(updates.len() < 4, "never all of them");
            told += updates.len();
            if missed["hasMore"] == false {
                break;
            }
            after = updates.last().unwrap()["seq"].as_i64().unwrap();
        }
        assert_eq!(told, 4);
        let auth = json!({ "token": person.token, "since": 0 });
        let mut socket = Socket::connect(site.client.base(), auth).await.unwrap();
        let told = socket.envelopes(4).await;
        assert_eq!(told.iter().map(|update| &update["seq"]).collect::<Vec<_>>(), [1, 2, 3, 4]);
    })
    .await;
}

/// Makes everything of a table as large as it may be: what only clients can read is the same by whichever way it came.
async fn swell(site: &Site, table: &'static str, column: &'static str, value: Value<'static>) {
    let sql = format!("UPDATE {table} SET {column} = $1");
    let swollen = site.store.state.write(move |conn| conn.execute(&sql, &[value]));
    let _: u64 = swollen.await.map_err(|error: store::Error| error).unwrap();
}

static TEXT: LazyLock<String> = LazyLock::new(|| large(11));

#[tokio::test(flavor = "multi_thread")]
async fn so_do_sessions_and_machines() {
    on_each_site(|site| async move {
        let person = site.person().await;
        for tag in ["a", "b", "c"] {
            person.session(tag).await;
            person.machine(tag).await;
        }
        swell(&site, "sync_sessions", "metadata", v(&**TEXT)).await;
        swell(&site, "sync_machines", "metadata", v(&**TEXT)).await;
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = person.http.get(&format!("/v2/sessions?limit=200{cursor}")).await.expect(200);
            let sessions = page["sessions"].as_array().unwrap();
            assert_eq!(sessions.len(), 1, "two are more than a page");
            found.extend(sessions.iter().map(|session| session["id"].clone()));
            let Some(next) = page["nextCursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(found.len(), 3);
        for path in ["/v1/sessions", "/v2/sessions/active", "/v1/machines"] {
            let answer = person.http.get(path).await;
            assert_eq!((answer.status, answer.text.len() >> 20), (200, 22), "{path}: two of three");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn values_are_read_together_if_they_are_not_too_large() {
    on_each_site(|site| async move {
        let person = site.person().await;
        let new = |key: &str| json!({ "key": key, "value": "eA==", "version": -1 });
        let new = json!({ "mutations": [new("a"), new("b"), new("c")] });
        person.http.post("/v1/kv", &new).await.expect(200);
        swell(&site, "sync_values", "value", v(TEXT.as_bytes())).await;
        let listed = person.http.get("/v1/kv").await;
        assert_eq!((listed.status, listed.text.len() >> 20), (200, 29), "two of three, in base64");
        let two = person.http.post("/v1/kv/bulk", &json!({ "keys": ["a", "c"] })).await;
        assert_eq!((two.status, two.text.len() >> 20), (200, 29));
        let refused = person.http.post("/v1/kv/bulk", &json!({ "keys": ["a", "b", "c"] })).await.expect(413);
        assert_eq!(refused, json!({ "error": "Too much at once. Ask for fewer keys." }));
        let stale = |key: &str| json!({ "key": key, "value": "eA==", "version": 7 });
        let stale = json!({ "mutations": [stale("a"), stale("b"), stale("none")] });
        let conflict = person.http.post("/v1/kv", &stale).await.expect(409);
        let errors = conflict["errors"].as_array().unwrap();
        assert_eq!((errors.len(), &errors[0]["key"]), (1, &json!("a")), "the others are told next time");
        assert_eq!(errors[0]["value"].as_str().unwrap().len(), (TEXT.len()).div_ceil(3) * 4);
    })
    .await;
}
