//! `/admin/scripts`, `/admin/script-variables` and `/admin/dead-letters`: what is taken, and what is refused.

use serde_json::{Value, json};

use crate::harness::{ALICE, GET_STATUSES, STATUS, Server, has_status, on_each_server};

const SCRIPTS: &str = "/admin/scripts";
const BODY: &str = "function handle() return record end";

fn trigger() -> String {
    format!("record.index:{STATUS}")
}

#[tokio::test(flavor = "multi_thread")]
async fn are_stored_changed_and_removed() {
    on_each_server(|server| async move {
        let new = json!({ "id": trigger(), "body": BODY, "description": "why" });
        has_status(&server.admin.post(SCRIPTS, &new).await, 201);
        has_status(&server.admin.post(SCRIPTS, &new).await, 200);
        let path = format!("{SCRIPTS}/{}", trigger());
        let cleared = server.admin.patch(&path, &json!({ "description": null })).await.expect(200);
        assert_eq!((&cleared["description"], &cleared["body"]), (&Value::Null, &json!(BODY)));
        let listed = server.admin.get(&format!("{SCRIPTS}?suffix={STATUS}")).await.expect(200);
        assert_eq!(listed.as_array().unwrap().len(), 1);
        assert_eq!(
            server.admin.get(&format!("{SCRIPTS}?suffix=com.example.other")).await.expect(200),
            json!([])
        );
        has_status(&server.admin.delete(&path).await, 204);
        for answer in [server.admin.get(&path).await, server.admin.delete(&path).await] {
            has_status(&answer, 404);
        }
        has_status(&server.admin.patch(&path, &json!({ "body": BODY })).await, 404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn that_cannot_be_are_refused() {
    on_each_server(|server| async move {
        for (new, status) in [
            (json!({ "id": "record.index", "body": BODY }), 400),
            (json!({ "id": "record.upsert:com.example.note", "body": BODY }), 400),
            (json!({ "id": trigger(), "body": "function handle( end" }), 400),
            (json!({ "id": trigger(), "body": "x = 1" }), 400),
            (json!({ "id": trigger(), "body": BODY, "description": "x".repeat(301) }), 400),
            (json!({ "id": trigger(), "body": BODY, "script_type": "js" }), 422),
        ] {
            has_status(&server.admin.post(SCRIPTS, &new).await, status);
        }
        assert_eq!(server.admin.get(SCRIPTS).await.expect(200), json!([]));
        has_status(&server.admin.post(SCRIPTS, &json!({ "id": trigger(), "body": BODY })).await, 201);
        let path = format!("{SCRIPTS}/{}", trigger());
        for change in [json!({}), json!({ "script_type": "lua" }), json!({ "body": "return" })] {
            has_status(&server.admin.patch(&path, &change).await, 400);
        }
        for (key, value) in [("", "x".to_owned()), ("1", "x".to_owned()), ("KEY", "x".repeat(64_001))] {
            let body = json!({ "key": key, "value": value });
            has_status(&server.admin.post("/admin/script-variables", &body).await, 400);
        }
        has_status(&server.admin.delete("/admin/script-variables/NONE").await, 404);
        for path in ["/admin/dead-letters/1", "/admin/dead-letters/x"] {
            has_status(&server.admin.get(path).await, 404);
            has_status(&server.admin.post(&format!("{path}/retry"), &json!({})).await, 404);
            has_status(&server.admin.post(&format!("{path}/dismiss"), &json!({})).await, 404);
            has_status(&server.admin.post(&format!("{path}/reindex"), &json!({})).await, 404);
        }
        for path in ["/admin/dead-letters?cursor=x", "/admin/dead-letters?limit=x"] {
            has_status(&server.admin.get(path).await, 400);
        }
        for bulk in ["retry", "dismiss", "reindex"] {
            let path = format!("/admin/dead-letters/bulk/{bulk}");
            has_status(&server.admin.post(&path, &json!({})).await, 400);
            has_status(&server.admin.post(&path, &json!({ "ids": vec![1; 501] })).await, 400);
            assert_eq!(
                server.admin.post(&path, &json!({ "all": true })).await.expect(200),
                json!({ "ok": true })
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn are_tried_without_an_effect() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        server.write(ALICE, "r", r#"{"status":"here"}"#).await;
        let path = format!("{SCRIPTS}/{}/test", trigger());
        let uri = format!("at://{ALICE}/{STATUS}/r");
        let tried = async |body: &str| {
            server.admin.post(&path, &json!({ "uri": uri, "body": body })).await.expect(200)
        };
        let replaced = tried("function handle() log('seen') return { was = record.status } end").await;
        let found = (&replaced["result"], &replaced["outcome"], &replaced["log"]);
        assert_eq!(found, (&json!({ "was": "here" }), &json!("replace"), &json!(["seen"])));
        assert!(replaced["memory_bytes"].as_u64() > Some(0), "{replaced}");
        let failed = tried("function handle()\nerror('here') end").await;
        assert_eq!((&failed["line"], &failed["result"]), (&json!(2), &Value::Null), "{failed}");
        let effect = tried("function handle() http.post('https://example.com', {}) end").await;
        assert!(effect["error"].as_str().unwrap().contains("would have effects"), "{effect}");
        let here =
            server.client.get_with(&format!("/xrpc/{GET_STATUSES}"), &[("uri", &uri)]).await.expect(200);
        assert_eq!(here["record"]["status"], "here");
        for (body, status) in [
            (json!({ "uri": uri }), 404),
            (json!({ "uri": "nothing", "body": BODY }), 400),
            (json!({ "uri": format!("{uri}x"), "body": BODY }), 404),
            (json!({ "uri": uri, "body": BODY, "action": "upsert" }), 400),
        ] {
            has_status(&server.admin.post(&path, &body).await, status);
        }
        // The newest record, unless another is named; or one that is nowhere.
        assert_eq!(tried_newest(&server).await, json!(uri));
        let event = json!({ "record": { "status": "nowhere" } });
        let nowhere = json!({ "uri": format!("{uri}x"), "body": BODY, "event": event });
        assert_eq!(server.admin.post(&path, &nowhere).await.expect(200)["result"]["status"], "nowhere");
    })
    .await;
}

async fn tried_newest(server: &Server) -> Value {
    let path = format!("{SCRIPTS}/{}/test", trigger());
    server.admin.post(&path, &json!({ "body": BODY })).await.expect(200)["uri"].take()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_every_kind_are_tried() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        let tried = async |id: &str, body: &str, event: Value| {
            let attempt = json!({ "body": body, "event": event });
            server.admin.post(&format!("{SCRIPTS}/{id}/test"), &attempt).await.expect(200)
        };
        let told = "function handle() return { params, input or 'none', caller_did or 'nobody', method } end";
        let query = format!("xrpc.query:{GET_STATUSES}");
        let answer = tried(&query, told, json!({ "params": { "a": 1 } })).await;
        assert_eq!(answer["result"], json!([{ "a": 1 }, "none", "nobody", GET_STATUSES]), "{answer}");
        let event = json!({ "input": { "b": 2 }, "caller_did": ALICE });
        let answer = tried("xrpc.procedure:com.example.put", told, event).await;
        assert_eq!(answer["result"], json!([{}, { "b": 2 }, ALICE, "com.example.put"]), "{answer}");
        let saves = "function handle() local r = Record('com.example.note', {}) r:save() end";
        let answer = tried("xrpc.procedure:com.example.put", saves, json!({})).await;
        assert!(answer["error"].as_str().unwrap().contains("would have effects"), "{answer}");
        let label = "function handle() if neg then return nil end return { val = val .. '!' } end";
        for (neg, outcome) in [(true, "leave out"), (false, "replace")] {
            let answer = tried("labeler.apply:_actor", label, json!({ "val": "spam", "neg": neg })).await;
            assert_eq!(answer["outcome"], outcome, "{answer}");
        }
        let answer = tried(
            "job.run:mail",
            "function handle() return job.input.to end",
            json!({ "input": { "to": "me" } }),
        );
        assert_eq!(answer.await["result"], "me");
        let failed =
            tried("job.run:mail", "function handle()\n  log('so far')\n  error('here')\nend", json!({}))
                .await;
        let found = (&failed["line"], &failed["source_line"], &failed["log"]);
        assert_eq!(found, (&json!(3), &json!("error('here')"), &json!(["so far"])), "{failed}");
        let path = format!("{SCRIPTS}/xrpc.procedure:com.example.put/test");
        for event in [json!({ "caller_did": "me" }), json!({ "caller_did": 1 })] {
            has_status(&server.admin.post(&path, &json!({ "body": BODY, "event": event })).await, 400);
        }
        has_status(&server.admin.post(&path, &json!({})).await, 404);
    })
    .await;
}

/// However many there are: all that waited when they were asked for are dealt with, and the answer comes afterwards.
#[tokio::test(flavor = "multi_thread")]
async fn dead_letters_are_dealt_with_in_bulk() {
    const MANY: i64 = 1_203;
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        let add = async |collection: &'static str| {
            let add = move |conn: &mut store::Conn<'_>| {
                let before: i64 =
                    conn.query_one("SELECT count(*) FROM appview_dead_letters", &[], |row| row.int(0))?;
                for n in before..before + MANY {
                    let uri = format!("at://{ALICE}/{collection}/r{n}");
                    let payload = json!({
                        "trigger": "", "action": "create", "uri": uri, "did": ALICE, "collection": collection,
                        "rkey": format!("r{n}"), "record": {}, "cid": null, "event_id": uri,
                    });
                    conn.execute(
                        "INSERT INTO appview_dead_letters
                            (event_id, script_ref, host_kind, host_id, collection, payload, error, attempts, created_at)
                         VALUES ($1, $2, 'record', '', $3, $4, '', 4, 1)",
                        &[
                            store::v(&uri),
                            store::v(&format!("record.index:{collection}")),
                            store::v(collection),
                            store::v(&payload.to_string()),
                        ],
                    )?;
                }
                Ok::<_, store::Error>(())
            };
            server.store.state.write(add).await.unwrap();
        };
        let left = async || server.admin.get("/admin/dead-letters/count").await.expect(200)["count"].clone();
        let bulk = async |what: &str, body: Value| {
            let answer = server.admin.post(&format!("/admin/dead-letters/bulk/{what}"), &body).await;
            assert_eq!(answer.expect(200), json!({ "ok": true }));
        };
        add(STATUS).await;
        add("com.example.other").await;
        assert_eq!(left().await, 2 * MANY);
        let some = server.admin.get("/admin/dead-letters?limit=2").await.expect(200);
        let [first, second] = [0, 1].map(|n| some["dead_letters"][n]["id"].as_i64().unwrap());
        // In paths they are text.
        bulk("dismiss", json!({ "ids": [first.to_string(), second] })).await;
        assert_eq!(left().await, 2 * MANY - 2);
        let wrong = server.admin.post("/admin/dead-letters/bulk/dismiss", &json!({ "ids": ["x"] })).await;
        has_status(&wrong, 400);
        bulk("dismiss", json!({ "all": true, "collection": "com.example.other" })).await;
        assert_eq!(left().await, MANY);
        // The script is there for these, and decides about records that are gone.
        let script = json!({ "id": trigger(), "body": "function handle() return record end" });
        has_status(&server.admin.post(SCRIPTS, &script).await, 201);
        bulk("retry", json!({ "all": true })).await;
        assert_eq!(left().await, 0);
    })
    .await;
}
