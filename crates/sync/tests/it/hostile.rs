//! Whatever clients say, nothing breaks: packets, handshakes, bodies.

use std::panic;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::relay::{Refusal, Wire};
use tokio::time::timeout;

use crate::site::on_each_site;

const PATIENCE: Duration = Duration::from_secs(20);

/// The words of the protocol, so that what is made of them gets past the first check now and then.
const WORDS: [&str; 30] = [
    "sid",
    "message",
    "localId",
    "metadata",
    "expectedVersion",
    "agentState",
    "time",
    "thinking",
    "machineId",
    "daemonState",
    "key",
    "sessionId",
    "tokens",
    "cost",
    "total",
    "artifactId",
    "id",
    "header",
    "body",
    "data",
    "method",
    "params",
    "state",
    "value",
    "version",
    "mutations",
    "messages",
    "content",
    "publicKey",
    "token",
];

const EVENTS: [&str; 20] = [
    "ping",
    "app-state",
    "message",
    "update-metadata",
    "update-state",
    "session-alive",
    "session-end",
    "machine-alive",
    "machine-update-metadata",
    "machine-update-state",
    "usage-report",
    "access-key-get",
    "artifact-read",
    "artifact-create",
    "artifact-update",
    "artifact-delete",
    "rpc-register",
    "rpc-unregister",
    "update",
    "connect",
];

fn anything() -> impl Strategy<Value = Value> + Clone {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        Just(json!("\0")),
        Just(json!("AAAA")),
        Just(json!("x".repeat(70_000))),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        let word = proptest::sample::select(&WORDS[..]).prop_map(str::to_owned);
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::hash_map(word, inner, 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn packet() -> impl Strategy<Value = String> {
    let event = (proptest::sample::select(&EVENTS[..]), anything(), proptest::option::of(any::<u32>()));
    let said = event.prop_map(|(event, data, id)| {
        format!("42{}{}", id.map_or_else(String::new, |id| id.to_string()), json!([event, data]))
    });
    prop_oneof![
        8 => said.clone(),
        2 => (said, any::<prop::sample::Index>()).prop_map(|(mut packet, at)| {
            let mut at = at.index(packet.len());
            while !packet.is_char_boundary(at) {
                at -= 1;
            }
            packet.truncate(at);
            packet
        }),
        1 => "[0-9]{1,3}[-/,]?.{0,30}",
        1 => ".{1,40}",
        1 => Just(format!("42{}", "[".repeat(5_000))),
        1 => Just("451-[\"message\",{\"_placeholder\":true,\"num\":0}]".to_owned()),
        1 => (any::<u64>(), anything()).prop_map(|(id, data)| format!("43{id}{}", json!([data]))),
    ]
}

/// So many of a kind, the same in each run.
fn some<T: std::fmt::Debug>(strategy: &impl Strategy<Value = T>, count: usize) -> Vec<T> {
    let mut runner = TestRunner::deterministic();
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Tests have a process of their own each, and the server is in it.
fn count_panics() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        before(info);
    }));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_packet_disturbs_anybody() {
    count_panics();
    on_each_site(|site| async move {
        let person = site.person().await;
        let session = person.session("t").await;
        let mut bystander = person.socket().await;
        let auth = json!({ "token": person.token });
        for packets in some(&packet(), 1_000).chunks(20) {
            // A packet that makes no sense closes the socket it came from, and only that.
            let mut wire = Wire::connect(site.client.base(), &auth).await.unwrap();
            for packet in packets {
                wire.send(packet.clone()).await;
            }
            wire.leave().await;
        }
        person.post(&session, &["the end"]).await;
        bystander.until("update", |update| update["body"]["message"]["localId"] == "the end").await;
        let nothing = json!({ "sid": "nope", "metadata": "", "expectedVersion": 0 });
        assert_eq!(bystander.ask("update-metadata", &nothing).await, json!({ "result": "error" }));
        assert_eq!(PANICS.load(Ordering::Relaxed), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_handshake_gets_an_answer() {
    count_panics();
    on_each_site(|site| async move {
        let person = site.person().await;
        let fields = ["clientType", "sessionId", "machineId", "appState", "since", "happyClient"];
        for (number, value) in some(&anything(), 200).into_iter().enumerate() {
            let mut auth = json!({ "token": person.token });
            auth[fields[number % fields.len()]] = value.clone();
            for auth in [auth, value] {
                let answer = timeout(PATIENCE, Wire::connect(site.client.base(), &auth)).await.unwrap();
                match answer {
                    Ok(wire) => {
                        assert_eq!(auth["token"], *person.token, "{auth}");
                        wire.leave().await;
                    }
                    Err(refusal) => assert_ne!(refusal, Refusal::Refused(String::new()), "{auth}"),
                }
            }
        }
        assert_eq!(PANICS.load(Ordering::Relaxed), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_body_is_our_fault() {
    count_panics();
    on_each_site(|site| async move {
        let person = site.person().await;
        let session = person.session("t").await;
        let bodies = some(&anything(), 40);
        for route in site.routes.iter().filter(|route| route.app == "sync" && route.method != Method::GET) {
            let path = route.path.replace("{sessionId}", &session).replace(['{', '}'], "");
            for body in &bodies {
                // What ends the token is no body's doing.
                if path.starts_with("/v1/auth/tokens") {
                    continue;
                }
                let request = || person.http.request(route.method.clone(), &path).json(body);
                // A refusal that does not wait for the body may be followed by the end of the connection, just when the
                // client uses it again. (A server that is gone would not answer the second time either.)
                let answer = match person.http.try_send(request()).await {
                    Ok(answer) => answer,
                    Err(error) if error.is_timeout() => panic!("{} {path} {body}: {error:?}", route.method),
                    Err(_) => person.http.send(request()).await,
                };
                let is_missing = answer.text.contains("not configured");
                assert!(answer.status < 500 || is_missing, "{} {path} {body}: {answer:?}", route.method);
            }
        }
        assert_eq!(PANICS.load(Ordering::Relaxed), 0);
    })
    .await;
}
