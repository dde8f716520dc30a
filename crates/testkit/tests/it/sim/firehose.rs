//! The streams of relays and hosts: everything they say is proven by what they say, and nothing of it can be had otherwise.

use std::collections::BTreeMap;
use std::time::Duration;

use atproto::Did;
use atproto::crypto::PublicKey;
use atproto::firehose::Frame;
use futures::StreamExt;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use testkit::sim::{Faults, Outlet, Plan, Sim, Standing, Write};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::{document, note, one_account, rkey, text};

struct Subscriber(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Subscriber {
    async fn connect(sim: &Sim, outlet: Outlet, cursor: &str) -> Self {
        let url = sim.outlet(outlet);
        let url =
            format!("{}/xrpc/com.atproto.sync.subscribeRepos?{cursor}", url.as_str().trim_end_matches('/'));
        Self(connect_async(url).await.unwrap().0)
    }

    async fn next(&mut self) -> Option<Frame> {
        let next = tokio::time::timeout(Duration::from_secs(5), self.0.next()).await.unwrap();
        match next {
            Some(Ok(Message::Binary(bytes))) => Some(Frame::decode(&bytes).unwrap()),
            _ => None,
        }
    }

    async fn take(&mut self, count: usize) -> Vec<Frame> {
        let mut frames = Vec::new();
        for _ in 0..count {
            frames.push(self.next().await.unwrap());
        }
        frames
    }
}

async fn key_of(sim: &Sim, did: &Did) -> PublicKey {
    let document = document(sim, did).await.to_string();
    let key = document.split("publicKeyMultibase\":\"").nth(1).unwrap().split('"').next().unwrap();
    PublicKey::parse_multikey(key).unwrap()
}

/// Any writes, in commits of up to six.
fn write_something(sim: &Sim, did: &Did, random: &mut StdRng) -> bool {
    let mut writes = BTreeMap::new();
    for _ in 0..random.random_range(1..=6) {
        let key = format!("k{}", random.random_range(0..40));
        let record = random.random_bool(0.6).then(|| text(&random.random_range(0..1000_u32).to_string()));
        writes.insert(key, record);
    }
    let writes: Vec<_> = writes
        .into_iter()
        .map(|(key, record)| Write { collection: note(), rkey: rkey(&key), record })
        .collect();
    let before = sim.served(did);
    sim.commit(did, &writes);
    sim.served(did) != before
}

#[tokio::test]
async fn commits_prove_what_they_say_and_that_nothing_was_left_out() {
    let mut random = StdRng::seed_from_u64(3);
    for records in [0, 1, 60] {
        let (sim, did) = one_account(records).await;
        let mut relay = Subscriber::connect(&sim, Outlet::Relay(0), "").await;
        let key = key_of(&sim, &did).await;
        let written = (0..150).filter(|_| write_something(&sim, &did, &mut random)).count();
        let mut before = None;
        for frame in relay.take(written).await {
            let Frame::Commit(commit) = frame else { panic!("{frame:?}") };
            let proof = commit.prove().unwrap();
            assert!(proof.is_complete);
            let signed = proof.signed.verify(&key).unwrap();
            assert!(before.is_none() || commit.prev_data == before, "a chain");
            before = Some(signed.data);
        }
    }
}

#[tokio::test]
async fn hosts_tell_of_their_own_and_relays_of_all() {
    let sim = Sim::start(Plan::normal(5, 2, 1, &[note()], 1)).await;
    let [one, two] = sim.accounts().try_into().unwrap();
    let mut subscribers = Vec::new();
    for outlet in [Outlet::Relay(0), Outlet::Host(0), Outlet::Host(1)] {
        subscribers.push(Subscriber::connect(&sim, outlet, "").await);
    }
    sim.write(&one, &note(), &rkey("a"), text("a"));
    sim.write(&two, &note(), &rkey("b"), text("b"));
    sim.migrate(&one, 1);
    sim.rotate_key(&two);
    sim.set_standing(&two, Standing::TakenDown);
    let kinds = |frames: Vec<Frame>| -> String {
        frames
            .iter()
            .map(|frame| match frame {
                Frame::Commit(_) => 'c',
                Frame::Sync(sync) => {
                    sync.prove().unwrap();
                    's'
                }
                Frame::Identity { .. } => 'i',
                Frame::Account { account, .. } => {
                    if account.active {
                        'a'
                    } else {
                        'x'
                    }
                }
                _ => '?',
            })
            .collect()
    };
    assert_eq!(kinds(subscribers[0].take(8).await), "ccias".to_owned() + "isx");
    assert_eq!(kinds(subscribers[1].take(2).await), "cx");
    assert_eq!(kinds(subscribers[2].take(7).await), "ciasisx");
}

#[tokio::test]
async fn a_cursor_is_the_last_number_that_is_known() {
    let (sim, did) = one_account(0).await;
    for key in ["a", "b", "c"] {
        sim.write(&did, &note(), &rkey(key), text(key));
    }
    let all = Subscriber::connect(&sim, Outlet::Relay(1), "cursor=0").await.take(3).await;
    let after = all[0].seq().unwrap();
    let rest = Subscriber::connect(&sim, Outlet::Relay(2), &format!("cursor={after}")).await.take(2).await;
    assert_eq!(rest, all[1..]);
    sim.retain(1);
    let old = Subscriber::connect(&sim, Outlet::Relay(0), &format!("cursor={after}")).await.take(2).await;
    assert!(matches!(&old[0], Frame::Info { name, .. } if name == "OutdatedCursor"), "{old:?}");
    assert_eq!(old[1], all[2]);
    let mut ahead = Subscriber::connect(&sim, Outlet::Relay(0), "cursor=1000").await;
    let said = ahead.next().await;
    assert!(matches!(&said, Some(Frame::Error { error, .. }) if error == "FutureCursor"), "{said:?}");
    assert_eq!(ahead.next().await, None);
}

#[tokio::test]
async fn one_server_misbehaves_and_the_others_do_not() {
    let (sim, did) = one_account(0).await;
    sim.misbehave(Outlet::Relay(1), Faults::down());
    sim.misbehave(Outlet::Relay(2), Faults { losses: 1.0, ..Faults::default() });
    sim.misbehave(Outlet::Relay(3), Faults { duplicates: 1.0, cuts: 1.0, ..Faults::default() });
    let refused =
        connect_async(format!("{}/xrpc/com.atproto.sync.subscribeRepos", sim.outlet(Outlet::Relay(1)))).await;
    assert!(refused.is_err());
    sim.write(&did, &note(), &rkey("a"), text("a"));
    sim.misbehave(Outlet::Relay(4), Faults::default());
    assert_eq!(Subscriber::connect(&sim, Outlet::Relay(0), "cursor=0").await.take(1).await.len(), 1);
    let mut twice = Subscriber::connect(&sim, Outlet::Relay(3), "cursor=0").await;
    let pair = twice.take(2).await;
    assert_eq!(pair[0], pair[1]);
    assert_eq!(twice.next().await, None);
    let mut lossy = Subscriber::connect(&sim, Outlet::Relay(2), "cursor=0").await;
    let nothing = tokio::time::timeout(Duration::from_millis(200), lossy.0.next()).await;
    assert!(nothing.is_err(), "{nothing:?}");
    assert_eq!(sim.subscribers_of(Outlet::Relay(2)), 1);
    sim.misbehave(Outlet::Relay(2), Faults::down());
    assert_eq!(lossy.next().await, None);
}

#[tokio::test]
async fn nothing_hostile_can_be_taken_for_what_somebody_wrote() {
    let (sim, did) = one_account(3).await;
    sim.misbehave(Outlet::Relay(0), Faults { hostile: 1.0, ..Faults::default() });
    let key = key_of(&sim, &did).await;
    for number in 0..200 {
        sim.write(&did, &note(), &rkey(&format!("k{number}")), text("true"));
    }
    let (mut seen, mut cursor, mut true_ones) = (0, 0, 0);
    while true_ones < 200 {
        let mut relay = Subscriber::connect(&sim, Outlet::Relay(0), &format!("cursor={cursor}")).await;
        while let Some(Ok(Message::Binary(bytes))) = relay.0.next().await {
            seen += 1;
            let Ok(frame) = Frame::decode(&bytes) else { continue };
            let seq = frame.seq().unwrap_or_default();
            if let Frame::Commit(commit) = frame
                && let Ok(proof) = commit.prove()
                && proof.signed.verify(&key).is_ok()
            {
                assert!(seq > cursor, "the truth, once");
                cursor = seq;
                true_ones += 1;
            }
            if true_ones == 200 {
                break;
            }
        }
    }
    assert!(seen > 300, "{seen}");
}
