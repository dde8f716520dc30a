//! Messages.

use serde_json::{Value, json};

use crate::site::on_each_site;

#[tokio::test(flavor = "multi_thread")]
async fn are_numbered_told_and_read() {
    on_each_site(|site| async move {
        let person = site.person().await;
        let session = person.session("t").await;
        let (mut user, mut of_session) = (person.socket().await, person.session_socket(&session).await);
        let answer = person.post(&session, &["a", "b", "a"]).await;
        let numbers: Vec<&Value> =
            answer["messages"].as_array().unwrap().iter().map(|it| &it["seq"]).collect();
        assert_eq!(numbers, [1, 2]);
        let again = person.post(&session, &["c", "b"]).await;
        let names: Vec<&Value> =
            again["messages"].as_array().unwrap().iter().map(|it| &it["localId"]).collect();
        assert_eq!(names, ["b", "c"], "known and new, by number");
        for socket in [&mut user, &mut of_session] {
            let told = socket.updates(3).await;
            let told: Vec<&Value> = told.iter().map(|update| &update["message"]["seq"]).collect();
            assert_eq!(told, [1, 2, 3]);
        }
        let path = format!("/v3/sessions/{session}/messages");
        let page = person.http.get(&format!("{path}?limit=2")).await.expect(200);
        assert_eq!(
            (&page["messages"][0]["content"], &page["hasMore"]),
            (&json!({ "t": "encrypted", "c": "a" }), &json!(true))
        );
        let page = person.http.get(&format!("{path}?after_seq=2")).await.expect(200);
        assert_eq!((&page["messages"][0]["localId"], &page["hasMore"]), (&json!("c"), &json!(false)));
        let page = person.http.get(&format!("{path}?before_seq=9007199254740991&limit=2")).await.expect(200);
        assert_eq!((&page["messages"][0]["seq"], &page["messages"][1]["seq"]), (&json!(3), &json!(2)));
        for query in ["after_seq=1&before_seq=2", "limit=0", "limit=501", "after_seq=-1", "before_seq=0"] {
            person.http.get(&format!("{path}?{query}")).await.expect(400);
        }
        let newest = person.http.get(&format!("/v1/sessions/{session}/messages")).await.expect(200);
        assert_eq!(newest["messages"][0]["seq"], 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_socket_are_not_told_back_to_it() {
    on_each_site(|site| async move {
        let person = site.person().await;
        let session = person.session("t").await;
        let (mut user, mut sender) = (person.socket().await, person.session_socket(&session).await);
        for n in 0..300 {
            let message =
                json!({ "sid": session, "message": format!("{n}"), "localId": format!("{}", n % 250) });
            sender.emit("message", &message);
        }
        let told = user.envelopes(250).await;
        for (update, n) in told.iter().zip(1..) {
            assert_eq!((&update["seq"], &update["body"]["message"]["seq"]), (&json!(n + 1), &json!(n)));
        }
        person.post(&session, &["by http"]).await;
        assert_eq!(sender.updates(1).await[0]["message"]["seq"], 251);
        assert_eq!(sender.heard("update").len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn that_break_a_rule_are_refused() {
    on_each_site(|site| async move {
        let person = site.person().await;
        let session = person.session("t").await;
        let path = format!("/v3/sessions/{session}/messages");
        let many: Vec<Value> =
            (0..101).map(|n| json!({ "localId": format!("{n}"), "content": "" })).collect();
        for body in [
            json!({}),
            json!({ "messages": [] }),
            json!({ "messages": many }),
            json!({ "messages": [{ "localId": "", "content": "x" }] }),
            json!({ "messages": [{ "localId": "a" }] }),
            json!({ "messages": [{ "localId": "a", "content": "\0" }] }),
            json!({ "messages": [{ "localId": "a".repeat(2000), "content": "" }] }),
        ] {
            let refused = person.http.post(&path, &body).await.expect(400);
            assert_eq!((&refused["error"], &refused["statusCode"]), (&json!("Error"), &json!(400)));
        }
        let http = &person.http;
        let request = http.request(reqwest::Method::POST, &path).header("content-type", "application/json");
        let malformed = http.send(request.body("{")).await.expect(400);
        assert_eq!(malformed["error"], "SyntaxError");
        let request = http.request(reqwest::Method::POST, &path).header("content-type", "text/html");
        let media = http.send(request.body("{}")).await.expect(415);
        assert_eq!(media["message"], "Unsupported Media Type");
        let long = http.get(&format!("/v3/sessions/{}/messages", "x".repeat(101))).await.expect(414);
        assert_eq!(long["code"], "FST_ERR_MAX_PARAM_LENGTH");
        http.get("/v3/sessions//messages").await.expect(404);
        let said = |method, path| json!({ "error": "Not found", "method": method, "path": path });
        assert_eq!(http.get("/v1/nothing?a=b").await.expect(404), said("GET", "/v1/nothing?a=b"));
        assert_eq!(http.put("/v1/sessions", &json!({})).await.expect(404), said("PUT", "/v1/sessions"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn that_were_missed_can_be_had() {
    on_each_site(|site| async move {
        let person = site.person().await;
        let session = person.session("t").await;
        person.post(&session, &["a", "b", "c"]).await;
        let missed = person.http.get("/v1/updates/since/2").await.expect(200);
        assert_eq!(
            (&missed["seq"], &missed["complete"], &missed["hasMore"]),
            (&json!(4), &json!(true), &json!(false))
        );
        assert_eq!(missed["updates"][0]["body"]["message"]["localId"], "b");
        let auth = json!({ "token": person.token, "since": 1 });
        let mut late = crate::socket::Socket::connect(site.client.base(), auth).await.unwrap();
        let told = late.envelopes(3).await;
        assert_eq!(told.iter().map(|update| &update["seq"]).collect::<Vec<_>>(), [2, 3, 4]);
        person.post(&session, &["d"]).await;
        assert_eq!(late.envelopes(4).await[3]["seq"], 5);
        site.client.get("/v1/updates/since/0").await.expect(401);
        person.http.get("/v1/updates/since/x").await.expect(400);
    })
    .await;
}
