//! Many at once: numbers without gaps, in one order for everybody.

use futures::future::join_all;
use serde_json::{Value, json};

use crate::site::on_each_site;

#[tokio::test(flavor = "multi_thread")]
async fn posters_and_listeners_agree_on_one_log() {
    const POSTERS: usize = 8;
    const POSTS: usize = 12;
    on_each_site(|site| async move {
        let person = site.person().await;
        let session = person.session("t").await;
        let mut listeners = Vec::new();
        for _ in 0..10 {
            listeners.push(person.socket().await);
        }
        let posters = (0..POSTERS).map(|poster| {
            let (person, session) = (&person, &session);
            async move {
                for post in 0..POSTS {
                    let (one, two) = (format!("{poster}-{post}-a"), format!("{poster}-{post}-b"));
                    person.post(session, &[&one, &two]).await;
                }
            }
        });
        join_all(posters).await;
        let total = POSTERS * POSTS * 2;
        let mut logs = Vec::new();
        for listener in &mut listeners {
            let told = listener.envelopes(total).await;
            assert_eq!(told.len(), total);
            for (update, n) in told.iter().zip(1_i64..) {
                assert_eq!(update["body"]["message"]["seq"], n, "without gaps, in order");
                assert_eq!(update["seq"], n + 1, "after the one that made the session");
            }
            let log: Vec<Value> = told.iter().map(|it| it["body"]["message"]["localId"].clone()).collect();
            logs.push(log);
        }
        assert!(logs.iter().all(|log| *log == logs[0]));
        let path = format!("/v3/sessions/{session}/messages?limit=500");
        let kept = person.http.get(&path).await.expect(200);
        let kept: Vec<Value> =
            kept["messages"].as_array().unwrap().iter().map(|it| it["localId"].clone()).collect();
        assert_eq!(kept, logs[0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_message_from_everywhere_is_one() {
    on_each_site(|site| async move {
        let person = site.person().await;
        let session = person.session("t").await;
        let mut user = person.socket().await;
        let socket = person.session_socket(&session).await;
        for _ in 0..4 {
            socket.emit("message", &json!({ "sid": session, "message": "same", "localId": "same" }));
        }
        let answers = join_all((0..8).map(|_| person.post(&session, &["same", "same"]))).await;
        for answer in &answers {
            assert_eq!(answer["messages"], answers[0]["messages"]);
            assert_eq!(answer["messages"][0]["seq"], 1);
        }
        person.post(&session, &["other"]).await;
        let told = user.updates(2).await;
        assert_eq!(told.iter().map(|it| &it["message"]["seq"]).collect::<Vec<_>>(), [1, 2]);
    })
    .await;
}
