//! People write, delete, come and go, and the server is killed now and then: logs, values and what every socket is told are
//! what the model says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures::future::join_all;
use serde_json::{Value, json};
use testkit::relay::{Wire, log_in};
use testkit::{Belvedere, Chance, HttpClient, TestDatabase, for_each_seed};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::relays::Relay;

const STEPS: usize = 30;

/// What was told is heard by then.
const PATIENCE: Duration = Duration::from_secs(30);

/// Before trying again.
const PAUSE: Duration = Duration::from_millis(10);

const KEYS: [&str; 3] = ["a", "b", "c"];

/// An update as somebody was told it: its number, and what it says.
type Told = (i64, String);

/// Somebody, and what must be here of them.
struct Person {
    client: HttpClient,
    token: String,
    /// By session, the names of its messages in their order.
    sessions: BTreeMap<String, Vec<String>>,
    deleted: BTreeSet<String>,
    /// By key, its version and its value.
    values: BTreeMap<&'static str, (i64, Option<String>)>,
    /// Updates that there have been.
    updates: usize,
}

/// A socket that is made again whenever it ends, from where it was.
struct Listener {
    person: usize,
    session: Option<String>,
    heard: Arc<Mutex<Vec<Told>>>,
    lose: Arc<Notify>,
    task: JoinHandle<()>,
}

struct World {
    relay: Relay,
    server: Option<Belvedere>,
    people: Vec<Person>,
    listeners: Vec<Listener>,
    named: usize,
    chance: Chance,
}

#[tokio::test(flavor = "multi_thread")]
async fn soak_logs_are_what_the_model_says_on_sqlite() {
    for_each_seed(|seed| World::play(TestDatabase::sqlite(), seed)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn soak_logs_are_what_the_model_says_on_postgres() {
    for_each_seed(|seed| async move {
        if let Some(database) = TestDatabase::postgres().await {
            World::play(database, seed).await;
        }
    })
    .await;
}

impl World {
    async fn play(database: TestDatabase, seed: u64) {
        let relay = Relay::new(&Arc::new(database), &[]);
        let server = relay.start().await;
        let mut people = Vec::new();
        for _ in 0..2 {
            let token = log_in(&server.client).await;
            let client = server.client.with_bearer(&token);
            let (sessions, deleted, values) = (BTreeMap::new(), BTreeSet::new(), BTreeMap::new());
            people.push(Person { client, token, sessions, deleted, values, updates: 0 });
        }
        let (server, chance) = (Some(server), Chance::of(seed));
        let mut world = Self { relay, server, people, listeners: Vec::new(), named: 0, chance };
        for person in 0..2 {
            world.session(person).await;
            world.listen(person, None);
        }
        for _ in 0..STEPS {
            world.step().await;
        }
        for person in 0..2 {
            world.compare(person).await;
        }
    }

    async fn step(&mut self) {
        let person = self.chance.below(self.people.len());
        match self.chance.below(14) {
            0..=4 => self.post(person, false).await,
            5..=6 => self.post(person, true).await,
            7 => self.session(person).await,
            8 => self.delete(person).await,
            9..=10 => self.write(person).await,
            11 => {
                let session = self.some_session(person);
                self.listen(person, session);
            }
            _ => self.chance.pick(&self.listeners).lose.notify_waiters(),
        }
    }

    fn some_session(&mut self, person: usize) -> Option<String> {
        let there: Vec<String> = self.people[person].sessions.keys().cloned().collect();
        (!there.is_empty()).then(|| self.chance.pick(&there).clone())
    }

    fn name(&mut self) -> String {
        self.named += 1;
        format!("m{}", self.named)
    }

    async fn session(&mut self, person: usize) {
        let body = json!({ "tag": self.name(), "metadata": "opaque" });
        let person = &mut self.people[person];
        let made = person.client.post("/v1/sessions", &body).await.expect(200);
        person.sessions.insert(made["session"]["id"].as_str().unwrap().to_owned(), Vec::new());
        person.updates += 1;
    }

    async fn delete(&mut self, person: usize) {
        let Some(session) = self.some_session(person) else { return };
        let person = &mut self.people[person];
        let deleted = person.client.delete(&format!("/v1/sessions/{session}")).await;
        assert_eq!(deleted.status, 200, "{}", deleted.text);
        person.sessions.remove(&session);
        person.deleted.insert(session);
        person.updates += 1;
    }

    /// Several clients post at once, some the same, each until it is acknowledged, perhaps while the server is killed.
    async fn post(&mut self, person: usize, is_killed: bool) {
        let Some(session) = self.some_session(person) else { return };
        let names: Vec<String> = (0..=self.chance.below(5)).map(|_| self.name()).collect();
        let posters: Vec<Vec<String>> = (0..3)
            .map(|_| (0..=self.chance.below(3)).map(|_| self.chance.pick(&names).clone()).collect())
            .collect();
        let client = self.people[person].client.clone();
        let path = format!("/v3/sessions/{session}/messages");
        let posts = posters.iter().map(|names| insistently(&client, &path, names));
        let pause = Duration::from_millis(u64::try_from(self.chance.below(15)).unwrap());
        let server = self.server.take().unwrap();
        let relay = &self.relay;
        let kill = async {
            if !is_killed {
                return server;
            }
            sleep(pause).await;
            server.kill();
            relay.start().await
        };
        let (receipts, server) = futures::join!(join_all(posts), kill);
        self.server = Some(server);
        let person = &mut self.people[person];
        let log = person.sessions.get_mut(&session).unwrap();
        let numbered: BTreeMap<i64, String> = receipts.into_iter().flatten().collect();
        let distinct: BTreeSet<&String> = posters.iter().flatten().collect();
        assert_eq!(numbered.len(), distinct.len(), "the same message is one: {numbered:?}");
        for (number, name) in numbered {
            assert_eq!(number, i64::try_from(log.len()).unwrap() + 1, "numbers have no gaps");
            log.push(name);
            person.updates += 1;
        }
    }

    /// A value, as somebody who knows its version or somebody who does not.
    async fn write(&mut self, person: usize) {
        let key = *self.chance.pick(&KEYS);
        let (is_known, value) = (!self.chance.one_in(4), (!self.chance.one_in(4)).then(|| self.name()));
        let encoded = value.as_ref().map(|value| data_encoding::BASE64.encode(value.as_bytes()));
        let person = &mut self.people[person];
        let version = person.values.get(key).map_or(-1, |(version, _)| *version);
        let expected = if is_known { version } else { version + 7 };
        let body = json!({ "mutations": [{ "key": key, "value": encoded, "version": expected }] });
        let answer = person.client.post("/v1/kv", &body).await;
        assert_eq!(answer.status, if is_known { 200 } else { 409 }, "{}", answer.text);
        if is_known {
            person.values.insert(key, (version + 1, value));
            person.updates += 1;
        }
    }

    fn listen(&mut self, person: usize, session: Option<String>) {
        let token = &self.people[person].token;
        let auth = match &session {
            Some(id) => json!({ "token": token, "clientType": "session-scoped", "sessionId": id }),
            None => json!({ "token": token }),
        };
        let (heard, lose): (Arc<Mutex<Vec<Told>>>, Arc<Notify>) = Default::default();
        let base = self.people[person].client.base().to_owned();
        let task = tokio::spawn(hear(base, auth, Arc::clone(&heard), Arc::clone(&lose)));
        self.listeners.push(Listener { person, session, heard, lose, task });
    }

    async fn compare(&self, number: usize) {
        let person = &self.people[number];
        for (session, log) in &person.sessions {
            let path = format!("/v3/sessions/{session}/messages?limit=500");
            let kept = person.client.get(&path).await.expect(200);
            let kept = kept["messages"].as_array().unwrap().iter();
            let kept: Vec<&str> = kept.map(|message| message["localId"].as_str().unwrap()).collect();
            assert_eq!(kept, *log, "{session}");
        }
        let here = person.client.get("/v1/kv?limit=100").await.expect(200);
        let here = here["items"].as_array().unwrap().iter();
        let here: BTreeMap<&str, i64> =
            here.map(|item| (item["key"].as_str().unwrap(), item["version"].as_i64().unwrap())).collect();
        let set = person.values.iter().filter(|(_, (_, value))| value.is_some());
        assert_eq!(here, set.map(|(key, (version, _))| (*key, *version)).collect());
        self.compare_told(number).await;
    }

    async fn compare_told(&self, number: usize) {
        let person = &self.people[number];
        let missed = person.client.get("/v1/updates/since/0").await.expect(200);
        assert_eq!(missed["seq"], json!(person.updates), "every change is one update");
        let updates = missed["updates"].as_array().unwrap();
        let all: Vec<Told> = updates.iter().map(told).collect();
        for (session, log) in &person.sessions {
            let of: Vec<String> = log.iter().map(|name| format!("new-message {session} {name}")).collect();
            let told = all.iter().map(|(_, what)| what);
            let told: Vec<&String> =
                told.filter(|what| what.starts_with(&format!("new-message {session}"))).collect();
            assert_eq!(told, of.iter().collect::<Vec<_>>(), "the log of updates has the log of the session");
        }
        for listener in self.listeners.iter().filter(|listener| listener.person == number) {
            let is_for_them = |(_, what): &&Told| {
                let of_session = listener.session.as_ref().map(|session| format!("new-message {session}"));
                of_session.is_none_or(|prefix| what.starts_with(&prefix))
            };
            let expected: Vec<Told> = all.iter().filter(is_for_them).cloned().collect();
            let start = Instant::now();
            loop {
                let heard = listener.heard.lock().unwrap().clone();
                assert!(heard.windows(2).all(|pair| pair[0].0 < pair[1].0), "once, and in order: {heard:?}");
                let is_there = |(_, what): &Told| {
                    !person.deleted.iter().any(|gone| what.starts_with(&format!("new-message {gone}")))
                };
                let heard: Vec<Told> = heard.into_iter().filter(is_there).collect();
                if heard == expected {
                    break;
                }
                assert!(start.elapsed() < PATIENCE, "heard {heard:?} of {expected:?}");
                sleep(PAUSE).await;
            }
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Posts until somebody says that it is there; the number of each message.
async fn insistently(client: &HttpClient, path: &str, names: &[String]) -> Vec<(i64, String)> {
    let messages: Vec<Value> = names.iter().map(|name| json!({ "localId": name, "content": name })).collect();
    let body = json!({ "messages": messages });
    loop {
        let request = client.request(reqwest::Method::POST, path).json(&body);
        if let Ok(answer) = client.try_send(request).await {
            let receipts = answer.expect(200);
            let receipts = receipts["messages"].as_array().unwrap().iter();
            let number =
                |it: &Value| (it["seq"].as_i64().unwrap(), it["localId"].as_str().unwrap().to_owned());
            return receipts.map(number).collect();
        }
        sleep(PAUSE).await;
    }
}

/// Is connected again and again, and each time told what came after what it has.
async fn hear(base: String, mut auth: Value, heard: Arc<Mutex<Vec<Told>>>, lose: Arc<Notify>) {
    loop {
        auth["since"] = json!(heard.lock().unwrap().last().map_or(0, |(seq, _)| *seq));
        let Ok(mut wire) = Wire::connect(&base, &auth).await else {
            sleep(PAUSE).await;
            continue;
        };
        loop {
            let packet = tokio::select! {
                packet = wire.next() => packet,
                () = lose.notified() => None,
            };
            let Some(packet) = packet else { break };
            let event = packet.strip_prefix("42").and_then(|text| serde_json::from_str::<Value>(text).ok());
            if let Some(event) = event.filter(|event| event[0] == "update") {
                heard.lock().unwrap().push(told(&event[1]));
            }
        }
    }
}

/// What an update says, in a line.
fn told(envelope: &Value) -> Told {
    let body = &envelope["body"];
    let (kind, text) = (body["t"].as_str().unwrap(), |value: &Value| value.as_str().map(str::to_owned));
    let about = text(&body["sid"]).or_else(|| text(&body["id"])).unwrap_or_default();
    let name =
        text(&body["message"]["localId"]).or_else(|| text(&body["changes"][0]["key"])).unwrap_or_default();
    (envelope["seq"].as_i64().unwrap(), format!("{kind} {about} {name}"))
}
