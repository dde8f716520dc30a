//! Sessions.

use std::time::Duration;

use serde_json::{Value, json};

use crate::site::on_each_site;

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_made_once_and_returned_as_it_is() {
    on_each_site(|site| async move {
        let person = site.person().await;
        let mut socket = person.socket().await;
        let new =
            json!({ "tag": "t", "metadata": "m", "agentState": "ignored", "dataEncryptionKey": "AQI=" });
        let made = person.http.post("/v1/sessions", &new).await.expect(200)["session"].clone();
        for (field, value) in [
            ("seq", json!(0)),
            ("active", json!(true)),
            ("metadata", json!("m")),
            ("metadataVersion", json!(0)),
            ("agentState", Value::Null),
            ("agentStateVersion", json!(0)),
            ("dataEncryptionKey", json!("AQI=")),
            ("lastMessage", Value::Null),
        ] {
            assert_eq!(made[field], value, "{field}");
        }
        let again = person.http.post("/v1/sessions", &json!({ "tag": "t", "metadata": "other" })).await;
        assert_eq!(again.expect(200)["session"], made);
        let other = person.session("u").await;
        let told = socket.updates(2).await;
        assert_eq!(
            (&told[0]["t"], &told[0]["id"], &told[1]["id"]),
            (&json!("new-session"), &made["id"], &json!(other))
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists() {
    on_each_site(|site| async move {
        let person = site.person().await;
        let mut ids = Vec::new();
        for tag in ["a", "b", "c"] {
            ids.push(person.session(tag).await);
        }
        let all = person.http.get("/v1/sessions").await.expect(200);
        assert_eq!(all["sessions"].as_array().unwrap().len(), 3);
        let first = person.http.get("/v2/sessions?limit=2").await.expect(200);
        assert_eq!((&first["sessions"][0]["id"], &first["hasNext"]), (&json!(ids[2]), &json!(true)));
        let cursor = first["nextCursor"].as_str().unwrap();
        let second = person.http.get(&format!("/v2/sessions?limit=2&cursor={cursor}")).await.expect(200);
        assert_eq!(second["sessions"][0]["id"], json!(ids[0]));
        assert_eq!((&second["hasNext"], &second["nextCursor"]), (&json!(false), &Value::Null));
        let refused = person.http.get("/v2/sessions?cursor=x").await.expect(400);
        assert_eq!(refused, json!({ "error": "Invalid cursor format" }));
        for query in ["limit=0", "limit=201", "limit=x", "changedSince=0"] {
            person.http.get(&format!("/v2/sessions?{query}")).await.expect(400);
        }
        person.http.post(&format!("/v1/sessions/{}/archive", ids[1]), &json!({})).await.expect(200);
        let active = person.http.get("/v2/sessions/active").await.expect(200);
        assert_eq!(active["sessions"].as_array().unwrap().len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn its_fields_are_written_by_compare_and_set() {
    on_each_site(|site| async move {
        let person = site.person().await;
        let session = person.session("t").await;
        let socket = person.session_socket(&session).await;
        let mut user = person.socket().await;
        let writes = (0..8).map(|n| {
            let state = json!({ "sid": session, "agentState": format!("{n}"), "expectedVersion": 0 });
            let socket = &socket;
            async move { socket.ask("update-state", &state).await }
        });
        let answers = futures::future::join_all(writes).await;
        let won: Vec<_> = answers.iter().filter(|answer| answer["result"] == "success").collect();
        assert_eq!(won.len(), 1, "{answers:?}");
        for answer in answers.iter().filter(|answer| answer["result"] != "success") {
            let fresh =
                json!({ "result": "version-mismatch", "version": 1, "agentState": won[0]["agentState"] });
            assert_eq!(*answer, fresh);
        }
        let told = user.updates(1).await;
        assert_eq!(told[0]["agentState"], json!({ "value": won[0]["agentState"], "version": 1 }));
        let cleared = json!({ "sid": session, "agentState": null, "expectedVersion": 1 });
        let answer = socket.ask("update-state", &cleared).await;
        assert_eq!(answer, json!({ "result": "success", "version": 2, "agentState": null }));
        for bad in [json!({}), json!({ "sid": session, "metadata": 1, "expectedVersion": 0 }), json!("x")] {
            assert_eq!(socket.ask("update-metadata", &bad).await, json!({ "result": "error" }));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_is_nobodys() {
    on_each_site(|site| async move {
        let (ann, bob) = (site.person().await, site.person().await);
        let session = ann.session("t").await;
        ann.post(&session, &["a"]).await;
        let mut watching = ann.socket().await;
        let foreign = bob.session_socket(&session).await;
        for path in ["/v1/sessions/{}/messages", "/v3/sessions/{}/messages"] {
            let refused = bob.http.get(&path.replace("{}", &session)).await.expect(404);
            assert_eq!(refused, json!({ "error": "Session not found" }));
        }
        let body = json!({ "messages": [{ "localId": "a", "content": "x" }] });
        bob.http.post(&format!("/v3/sessions/{session}/messages"), &body).await.expect(404);
        bob.http.post(&format!("/v1/sessions/{session}/archive"), &json!({})).await.expect(404);
        bob.http.delete(&format!("/v1/sessions/{session}")).await.expect(404);
        foreign.emit("message", &json!({ "sid": session, "message": "x" }));
        let write = json!({ "sid": session, "metadata": "x", "expectedVersion": 0 });
        assert_eq!(foreign.ask("update-metadata", &write).await, json!({ "result": "error" }));
        // The archive call of somebody else silenced nothing.
        let socket = ann.session_socket(&session).await;
        socket.emit(
            "session-alive",
            &json!({ "sid": session, "time": 4_000_000_000_000_i64, "thinking": true }),
        );
        watching.until("ephemeral", |heard| heard["type"] == "activity" && heard["thinking"] == true).await;
        assert!(foreign.heard("update").is_empty());
        let kept = ann.http.get(&format!("/v3/sessions/{session}/messages")).await.expect(200);
        assert_eq!(kept["messages"].as_array().unwrap().len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_takes_everything() {
    on_each_site(|site| async move {
        let person = site.person().await;
        let mut socket = person.socket().await;
        let session = person.session("t").await;
        person.post(&session, &["a", "b"]).await;
        person.http.delete(&format!("/v1/sessions/{session}")).await.expect(200);
        let told = socket.updates(4).await;
        assert_eq!(told[3], json!({ "t": "delete-session", "sid": session }));
        let refused = person.http.delete(&format!("/v1/sessions/{session}")).await.expect(404);
        assert_eq!(refused, json!({ "error": "Session not found or not owned by user" }));
        let missed = person.http.get("/v1/updates/since/0").await.expect(200);
        let kinds: Vec<&Value> =
            missed["updates"].as_array().unwrap().iter().map(|update| &update["body"]["t"]).collect();
        assert_eq!(kinds, ["new-session", "delete-session"], "of messages that are gone nothing is told");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_before_leaving_is_done() {
    on_each_site(|site| async move {
        let person = site.person().await;
        let session = person.session("t").await;
        let mut user = person.socket().await;
        let socket = person.session_socket(&session).await;
        socket.emit("message", &json!({ "sid": session, "message": "last words" }));
        socket.emit("session-end", &json!({ "sid": session, "time": 4_000_000_000_000_i64 }));
        drop(socket);
        user.until("ephemeral", |heard| heard["type"] == "activity" && heard["active"] == false).await;
        assert_eq!(user.updates(1).await[0]["message"]["content"]["c"], "last words");
        // Whatever is still said of it is not listened to.
        let late = person.session_socket(&session).await;
        late.emit("session-alive", &json!({ "sid": session, "time": 4_000_000_000_000_i64 }));
        late.ask("ping", &Value::Null).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        let lively = user.heard("ephemeral").into_iter().filter(|heard| heard["active"] == true);
        assert_eq!(lively.count(), 0);
    })
    .await;
}
