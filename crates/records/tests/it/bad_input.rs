//! Whatever arrives, the stream goes on and what is good is stored.

use records::SCHEMAS;
use serde_json::json;
use testkit::on_each_engine;
use tokio_tungstenite::tungstenite::Message;

use crate::rig::{ALICE, Rig, rev};
use crate::stream::create;

const T: i64 = 1_750_000_000_000_000;

fn commit(collection: &str, rkey: &str, record: &str) -> String {
    let rev = rev(5);
    format!(
        r#"{{"did":"{ALICE}","time_us":{T},"kind":"commit","commit":{{"rev":"{rev}","operation":"create","collection":"{collection}","rkey":"{rkey}","record":{record}}}}}"#
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_arrives_stops_the_stream() {
    on_each_engine(&SCHEMAS, |store| async move {
        let rig = Rig::new(store).await;
        let mut running = rig.start();
        running.live().await;
        let note = "com.example.note";
        let deep =
            |levels: usize| format!("{}{}", r#"{"a":"#.repeat(levels), "1".to_owned() + &"}".repeat(levels));
        let wrong_cid =
            create(ALICE, "wrongcid", &rev(1), T, &json!({"a": 1})).replace(r#""a":1"#, r#""a":2"#);
        let far_future =
            create(ALICE, "future", &rev(1), T, &json!({})).replace(&T.to_string(), "4000000000000000");
        let bad: Vec<Message> = vec![
            "".into(),
            "not json".into(),
            "[]".into(),
            r#"{"did":"x"}"#.into(),
            Message::Binary(vec![0, 1, 2, 3].into()),
            format!(r#"{{"did":"{ALICE}","time_us":{T},"kind":"novelty"}}"#).into(),
            commit("not-an-nsid", "k", "{}").into(),
            commit(note, "bad/key", "{}").into(),
            commit(note, "array", "[1]").into(),
            commit(note, "deep", &deep(500)).into(),
            commit(note, "deeper", &deep(100_000)).into(),
            commit(note, "large", &format!(r#"{{"a":"{}"}}"#, "x".repeat(2_000_000))).into(),
            commit(note, "huge-number", r#"{"a":1e999999}"#).into(),
            commit(note, "twice", r#"{"a":1,"a":2}"#).into(),
            wrong_cid.into(),
            far_future.into(),
        ];
        for message in bad {
            rig.stream.send(T, message);
        }
        // Unusual, but to be stored: what databases choke on is replaced, references of any length are harmless.
        let long = format!(r#"{{"a":"at://{}"}}"#, "x".repeat(100_000));
        let odd = [
            ("nul", r#"{"a\u0000b":"c\u0000d","e":"\\u0000"}"#),
            ("surrogate", r#"{"a":"\ud800"}"#),
            ("float", r#"{"a":1.5}"#),
            ("tiny-number", r#"{"a":1e-99999}"#),
            ("empty", "{}"),
            ("long-reference", &long),
        ];
        for (rkey, record) in odd {
            rig.stream.send(T, commit(note, rkey, record));
        }
        rig.stream.send(T + 1, create(ALICE, "last", &rev(9), T + 1, &json!({"fine": true})));
        rig.committed(&mut running, T + 1).await;
        let stored: Vec<String> = rig.all().await.into_iter().map(|(uri, _)| uri).collect();
        let names: Vec<&str> = stored.iter().map(|uri| uri.rsplit('/').next().unwrap()).collect();
        assert_eq!(names, ["empty", "float", "last", "long-reference", "nul", "surrogate", "tiny-number"]);
        let nul = &rig.all().await[4].1;
        assert_eq!(nul, &json!({"a\u{fffd}b": "c\u{fffd}d", "e": "\\u0000"}));
        running.stop().await;
    })
    .await;
}

/// A stream that only ever sends the future must not take the cursor with it.
#[tokio::test(flavor = "multi_thread")]
async fn the_cursor_does_not_follow_a_broken_clock() {
    on_each_engine(&SCHEMAS, |store| async move {
        let rig = Rig::new(store).await;
        let mut running = rig.start();
        running.live().await;
        let future = 4_000_000_000_000_000;
        rig.stream.send(future, create(ALICE, "future", &rev(1), future, &json!({})));
        rig.stream.send(T, create(ALICE, "now", &rev(2), T, &json!({})));
        rig.committed(&mut running, T).await;
        assert_eq!(rig.cursor().await, Some(T));
        assert_eq!(rig.all().await.len(), 1);
        running.stop().await;
    })
    .await;
}
