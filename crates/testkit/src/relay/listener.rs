//! Somebody who follows a session as the real clients do: what comes next is taken as it is told, anything else is read
//! (spec/sync.md §2.2).

use std::time::Duration;

use rand::RngExt;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::storm::Stage;
use super::{Refusal, Wire};

/// Before trying again.
const PAUSE: Duration = Duration::from_millis(20);

/// Whoever hears nothing for so long although something is missing has been forgotten.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Deserialize)]
struct Event<'e>(#[serde(borrow)] &'e str, #[serde(borrow)] Envelope<'e>);

#[derive(Deserialize)]
struct Envelope<'e> {
    #[serde(borrow)]
    body: Option<Body<'e>>,
}

#[derive(Deserialize)]
struct Body<'e> {
    #[serde(borrow)]
    message: Option<Message<'e>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message<'e> {
    seq: u64,
    local_id: &'e str,
}

#[derive(Deserialize)]
struct Page<'e> {
    #[serde(borrow)]
    messages: Vec<Message<'e>>,
    #[serde(rename = "hasMore")]
    has_more: bool,
}

/// What one listener knows.
#[derive(Default)]
pub(super) struct Heard {
    /// The names of the messages in their order, the first being number 1.
    pub(super) log: Vec<u64>,
    /// Messages that a socket told.
    pub(super) told: u64,
    /// How often it was connected.
    pub(super) connected: u64,
}

impl Heard {
    /// Follows until it knows as many messages as there are in the end.
    pub(super) async fn follow(stage: &Stage, number: usize, total: watch::Receiver<Option<usize>>) -> Self {
        let mut heard = Self::default();
        let mut server = number;
        while *total.borrow() != Some(heard.log.len()) {
            let base = stage.clients[server % stage.clients.len()].base();
            server += 1;
            match Wire::connect(base, &stage.auth(number)).await {
                Ok(wire) => {
                    heard.connected += 1;
                    heard.listen(stage, wire, total.clone()).await;
                }
                Err(Refusal::Refused(reason)) => {
                    stage.fault(format!("a listener was refused: {reason}"));
                    break;
                }
                Err(Refusal::Unreachable) => sleep(PAUSE).await,
            }
            if stage.has_faults() {
                break;
            }
        }
        heard
    }

    /// One connection: until it ends, or the listener has had enough of it.
    async fn listen(&mut self, stage: &Stage, mut wire: Wire, mut total: watch::Receiver<Option<usize>>) {
        let stays = stage.leaves_after.map(|most| rand::rng().random_range(1..=most));
        self.read(stage).await;
        let (mut before, mut count) = (None, 0);
        while *total.borrow() != Some(self.log.len()) {
            let packet = tokio::select! {
                packet = timeout(PATIENCE, wire.next()) => packet,
                _ = total.changed() => continue,
            };
            let Ok(packet) = packet else {
                return stage.fault(format!("a listener waited in vain after {} messages", self.log.len()));
            };
            let Some(packet) = packet else { return };
            let Some(Message { seq, local_id }) = message(&packet) else { continue };
            if before.is_some_and(|before| before + 1 != seq) {
                stage.fault(format!("message {seq} was told after {before:?}"));
            }
            before = Some(seq);
            self.told += 1;
            count += 1;
            let next = self.log.len() as u64 + 1;
            if seq == next {
                self.log.push(local_id.parse().unwrap_or(u64::MAX));
            } else if seq > next {
                self.read(stage).await;
            }
            if stays.is_some_and(|stays| count >= stays) && !stage.calm.is_cancelled() {
                // Some say good-bye, from others the network is taken away.
                return if rand::random() { wire.leave().await } else { drop(wire) };
            }
        }
    }

    /// Reads what it does not know, from whichever server answers.
    async fn read(&mut self, stage: &Stage) {
        for client in stage.clients.iter().cycle() {
            let path = format!("{}?after_seq={}&limit=500", stage.messages(), self.log.len());
            let request = client.request(reqwest::Method::GET, &path);
            let Ok(answer) = client.try_send(request).await else {
                sleep(PAUSE).await;
                continue;
            };
            let page: Page<'_> = match serde_json::from_str(&answer.text) {
                Ok(page) if answer.status == 200 => page,
                _ => return stage.fault(format!("reading: {} {}", answer.status, answer.text)),
            };
            for Message { seq, local_id } in page.messages {
                if seq != self.log.len() as u64 + 1 {
                    return stage.fault(format!("message {seq} is read after {}", self.log.len()));
                }
                self.log.push(local_id.parse().unwrap_or(u64::MAX));
            }
            if !page.has_more {
                return;
            }
        }
    }
}

/// The message that a packet tells of.
fn message(packet: &str) -> Option<Message<'_>> {
    let Event(name, envelope) = serde_json::from_str(packet.strip_prefix("42")?).ok()?;
    if name == "update" { envelope.body?.message } else { None }
}

impl Stage {
    /// Every other one is told of the session only.
    fn auth(&self, number: usize) -> serde_json::Value {
        match number % 2 {
            0 => json!({ "token": self.token, "clientType": "user-scoped" }),
            _ => json!({ "token": self.token, "clientType": "session-scoped", "sessionId": self.session }),
        }
    }
}
