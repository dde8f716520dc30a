//! The program dies at chosen moments, and goes on.

use std::time::{Duration, Instant};

use serde_json::json;
use testkit::relay::log_in;
use testkit::sim::Faults;
use tokio::time::sleep;

use crate::crash::{By, CRASH_POINTS, CrashPoint};
use crate::rig::{Rig, collections};
use crate::{Run, wait::PATIENCE};

/// One run of the three of `make test` in a row meets a third of the moments.
const SHARE: u64 = 3;

/// Some of the moments, one after the other, on the same data.
pub(super) async fn crashes(run: Run) {
    let mut rig = Rig::with_history(&run, 4).await;
    rig.begin().await;
    rig.write(10).await;
    rig.everybody_is_known().await;
    rig.kill();
    let points = CRASH_POINTS.iter().filter(|point| !matches!(point.by, By::Image | By::Delivery));
    for (number, point) in (0..).zip(points) {
        if number % SHARE == run.seed % SHARE {
            die(&mut rig, point).await;
        }
    }
    rig.follow().await;
    rig.place.command(&["backfill", "start"]);
    rig.ends_equal().await;
}

async fn die(rig: &mut Rig, point: &CrashPoint) {
    let at = format!("{}:{}", point.name, rig.chance.between(1, point.times));
    match point.by {
        By::Tables => return in_the_middle_of_tables(rig, &at),
        By::Question => {
            // What is written now, nobody tells.
            rig.misbehave(&Faults::down());
            rig.write_at_once(5);
            rig.settings.push(("READ_THROUGH", "get".to_owned()));
        }
        By::History => {
            rig.place.command(&["backfill", "start"]);
        }
        _ => {}
    }
    let mut messages = None;
    if point.by == By::Message {
        rig.start().await;
        messages = Some(Messages::new(rig).await);
        rig.kill();
    }
    rig.start_to_die(&at).await;
    let start = Instant::now();
    while !rig.has_died() {
        assert!(start.elapsed() < PATIENCE, "it did not die at {at}");
        match point.by {
            By::Stream => rig.write(2).await,
            By::History | By::Tables | By::Image | By::Delivery => {}
            By::Question => ask(rig).await,
            By::Decision => decide(rig).await,
            By::End => rig.ask_to_end().await,
            By::Message => post(rig, messages.as_mut().unwrap()).await,
        }
        sleep(Duration::from_millis(5)).await;
    }
    rig.misbehave(&Faults::default());
    rig.settings.retain(|(name, _)| *name != "READ_THROUGH");
    rig.kill();
    if let Some(messages) = messages {
        rig.start().await;
        messages.are_there(rig).await;
        rig.kill();
    }
}

/// Somebody wants a record that is not here.
async fn ask(rig: &mut Rig) {
    let there: Vec<String> = rig.uris().into_iter().collect();
    let uri = rig.chance.pick(&there);
    let client = &rig.server().client;
    let request =
        client.request(reqwest::Method::GET, "/xrpc/com.example.demo.getNote").query(&[("uri", &uri)]);
    // It may die before it answers.
    _ = client.try_send(request).await;
}

/// An administrator leaves a record out, and is not told whether that was done. It is durable before the index obeys, so it was.
async fn decide(rig: &mut Rig) {
    let here = crate::index::records(&rig.place.database).await.unwrap_or_default();
    let there = rig.sim.expected(&collections());
    let known: Vec<&String> = there.keys().filter(|uri| here.get(*uri) == there.get(*uri)).collect();
    if known.is_empty() {
        return;
    }
    let uri = rig.chance.pick(&known).clone();
    let admin = rig.admin();
    let request = admin.request(reqwest::Method::DELETE, &format!("/admin/records?uri={uri}"));
    let answer = admin.try_send(request).await;
    assert!(answer.is_err(), "it was to die before it answers");
    rig.left_out.insert(uri.clone(), there[&uri].cid.clone());
    // Nobody is asked a second time: one that is dying decides nothing more.
    while !rig.has_died() {
        sleep(Duration::from_millis(5)).await;
    }
}

/// A server that has never run makes its tables, dies, and makes them again.
fn in_the_middle_of_tables(rig: &mut Rig, at: &str) {
    let folder = tempfile::tempdir().unwrap();
    let options = testkit::BelvedereOptions::new(folder.path())
        .with("MASTER_SECRET", "a secret of no importance, but long enough");
    let create = |options: &testkit::BelvedereOptions| {
        options.command(&["key", "create", "--name", "first", "--json"]).output().unwrap()
    };
    let died = create(&options.clone().with("FAULTS_CRASH", at));
    assert!(!died.status.success(), "it did not die at {at}");
    let made = create(&options);
    assert!(made.status.success(), "{made:?}");
    // What belongs to the scenario is as it was.
    assert!(rig.place.options.data_dir.is_dir());
}

/// A session of the relay, and the messages that are known to be in it.
struct Messages {
    token: String,
    session: String,
    acknowledged: Vec<String>,
    attempted: Vec<String>,
}

impl Messages {
    async fn new(rig: &Rig) -> Self {
        let client = rig.server().client.clone();
        let token = log_in(&client).await;
        let body =
            json!({ "tag": "soak", "metadata": "bm9uZQ==", "agentState": null, "dataEncryptionKey": null });
        let answer = client.with_bearer(&token).post("/v1/sessions", &body).await.expect(200);
        let session = answer["session"]["id"].as_str().unwrap().to_owned();
        Self { token, session, acknowledged: Vec::new(), attempted: Vec::new() }
    }

    /// What was acknowledged is there, once, in its order; and nothing that nobody sent.
    async fn are_there(&self, rig: &Rig) {
        let client = rig.server().client.with_bearer(&self.token);
        let path = format!("/v3/sessions/{}/messages?after_seq=0&limit=500", self.session);
        let listed = client.get(&path).await.expect(200);
        let mut messages: Vec<(u64, String)> = listed["messages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| (it["seq"].as_u64().unwrap(), it["localId"].as_str().unwrap().to_owned()))
            .collect();
        messages.sort();
        let (numbers, names): (Vec<u64>, Vec<String>) = messages.into_iter().unzip();
        assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>(), "numbers without gaps");
        assert!(names.starts_with(&self.acknowledged), "{names:?} lack some of {:?}", self.acknowledged);
        assert!(self.attempted.starts_with(&names), "{names:?} are more than {:?}", self.attempted);
    }
}

async fn post(rig: &mut Rig, messages: &mut Messages) {
    let name = format!("message {}", messages.attempted.len());
    let client = rig.server().client.with_bearer(&messages.token);
    let body = json!({ "messages": [{ "localId": name, "content": "c2VjcmV0" }] });
    let path = format!("/v3/sessions/{}/messages", messages.session);
    messages.attempted.push(name.clone());
    let request = client.request(reqwest::Method::POST, &path).json(&body);
    if client.try_send(request).await.is_ok_and(|answer| answer.status == 200) {
        messages.acknowledged.push(name);
    }
}
