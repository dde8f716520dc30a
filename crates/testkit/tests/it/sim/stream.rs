//! The stream.

use std::time::Duration;

use atproto::Did;
use futures::StreamExt;
use serde_json::Value;
use testkit::sim::{Load, Plan, Sim, Write};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::{note, nsid, one_account, rkey, text};

struct Subscriber(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Subscriber {
    async fn connect(sim: &Sim, query: &str) -> Self {
        let url = format!("{}subscribe?{query}", sim.jetstream());
        Self(connect_async(url).await.unwrap().0)
    }

    async fn next(&mut self) -> Value {
        let next = tokio::time::timeout(Duration::from_secs(5), self.0.next()).await.unwrap();
        match next.unwrap().unwrap() {
            Message::Text(text) => serde_json::from_str(&text).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    async fn take(&mut self, count: usize) -> Vec<Value> {
        let mut events = Vec::new();
        for _ in 0..count {
            events.push(self.next().await);
        }
        events
    }
}

fn time(event: &Value) -> i64 {
    event["time_us"].as_i64().unwrap()
}

fn write_some(sim: &Sim, did: &Did, keys: &[&str]) {
    for key in keys {
        sim.write(did, &note(), &rkey(key), text(key));
    }
}

#[tokio::test]
async fn writes_arrive_as_they_happen() {
    let (sim, did) = one_account(1).await;
    let mut subscriber =
        Subscriber::connect(&sim, "compress=true&wantedCollections=com.example.demo.note").await;
    let cid = sim.write(&did, &note(), &rkey("a"), text("one"));
    sim.write(&did, &note(), &rkey("a"), text("two"));
    sim.write(&did, &note(), &rkey("a"), text("two"));
    sim.write(&did, &nsid("com.example.other"), &rkey("x"), text("unwanted"));
    sim.delete(&did, &note(), &rkey("a"));
    sim.deactivate(&did);
    sim.activate(&did);
    let events = subscriber.take(6).await;
    let operations: Vec<_> =
        events[..3].iter().map(|event| event["commit"]["operation"].as_str().unwrap()).collect();
    assert_eq!(operations, ["create", "update", "delete"], "what changes nothing is no event");
    assert_eq!(events[0]["commit"]["cid"], cid);
    assert_eq!(events[0]["commit"]["record"], text("one"));
    assert!(events[2]["commit"].get("record").is_none());
    let revs: Vec<_> = events[..3].iter().map(|event| event["commit"]["rev"].as_str().unwrap()).collect();
    assert!(revs.is_sorted() && revs[0] < revs[2]);
    let [off, on, identity] = &events[3..] else { panic!("three more") };
    assert_eq!(
        (off["account"]["active"].as_bool(), off["account"]["status"].as_str()),
        (Some(false), Some("deactivated"))
    );
    assert_eq!((on["account"]["active"].as_bool(), on["account"].get("status")), (Some(true), None));
    assert_eq!(identity["kind"], "identity");
    assert!(events.windows(2).all(|pair| time(&pair[0]) < time(&pair[1])));
    for event in &events {
        assert!(atproto::jetstream::Event::parse(event.to_string().into()).is_ok(), "{event}");
    }
}

#[tokio::test]
async fn one_commit_is_several_events_of_one_revision() {
    let (sim, did) = one_account(0).await;
    let mut subscriber = Subscriber::connect(&sim, "").await;
    let write = |key| Write { collection: note(), rkey: rkey(key), record: Some(text(key)) };
    let rev = sim.commit(&did, &[write("a"), write("b")]);
    let events = subscriber.take(2).await;
    assert!(events.iter().all(|event| event["commit"]["rev"] == rev));
    assert!(time(&events[0]) < time(&events[1]));
}

#[tokio::test]
async fn a_cursor_replays_from_its_own_event_on() {
    let (sim, did) = one_account(0).await;
    write_some(&sim, &did, &["a", "b", "c", "d"]);
    let all = Subscriber::connect(&sim, "cursor=1").await.take(4).await;
    let from_third = Subscriber::connect(&sim, &format!("cursor={}", time(&all[2]))).await.take(2).await;
    assert_eq!(from_third, all[2..]);

    sim.lose_events(time(&all[1])..time(&all[3]));
    let kept = Subscriber::connect(&sim, &format!("cursor={}", time(&all[1]))).await.take(1).await;
    assert_eq!(kept, all[3..], "the hole is silent");
    write_some(&sim, &did, &["e"]);
    sim.retain(1);
    let oldest = Subscriber::connect(&sim, "cursor=1").await.next().await;
    assert_eq!(oldest["commit"]["rkey"], "e");
    assert_eq!(time(&oldest), sim.stream_end());
}

#[tokio::test]
async fn the_clock_jumps_and_connections_break_when_told_to() {
    let (sim, did) = one_account(0).await;
    write_some(&sim, &did, &["a"]);
    let before = sim.stream_end();
    sim.jump(Duration::from_secs(30));
    let mut subscriber = Subscriber::connect(&sim, "wantedDids=did:plc:aaaaaaaaaaaaaaaaaaaaaaaa").await;
    write_some(&sim, &did, &["b"]);
    assert!(sim.stream_end() > before + 30_000_000);
    sim.disconnect();
    assert!(!matches!(subscriber.0.next().await, Some(Ok(Message::Text(_)))));
    Subscriber::connect(&sim, "").await;
}

#[tokio::test]
async fn bad_parameters_are_refused_before_the_upgrade() {
    let (sim, _) = one_account(0).await;
    for query in ["wantedCollections=nonsense", "wantedDids=nobody", "cursor=x"] {
        let refused = connect_async(format!("{}subscribe?{query}", sim.jetstream())).await.unwrap_err();
        assert!(refused.to_string().contains("400"), "{query}: {refused}");
    }
}

#[tokio::test]
async fn a_load_makes_the_same_writes_again() {
    let run = || async {
        let sim = Sim::start(Plan::normal(4, 2, 3, &[note()], 5)).await;
        let load = Load { seed: 9, rate: 2000, operations: 200, collections: vec![note()] };
        let counts = sim.run_load(load).await;
        (sim, counts)
    };
    let (one, counts) = run().await;
    let (same, again) = run().await;
    assert_eq!(counts, again);
    assert_eq!(counts.created + counts.updated + counts.deleted, 200);
    assert!(counts.created > 50 && counts.updated > 20 && counts.deleted > 20, "{counts:?}");
    assert_eq!(one.expected(&[note()]), same.expected(&[note()]));
    let events = Subscriber::connect(&one, "cursor=1").await.take(200).await;
    assert!(events.windows(2).all(|pair| time(&pair[0]) < time(&pair[1])));

    let endless = Load { seed: 1, rate: 100, operations: 1_000_000, collections: vec![note()] };
    let running = one.start_load(endless);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let counts = running.stop().await;
    assert!((1..1000).contains(&(counts.created + counts.updated + counts.deleted)), "{counts:?}");
}
