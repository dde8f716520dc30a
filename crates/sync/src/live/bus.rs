//! What instances tell each other: that there is something to read, and what passes.
//!
//! Nothing here is truth: an instance that misses a message reads the log a little later all the same.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use cache::{Cache, Event};
use futures::StreamExt;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use super::Relay;
use super::ephemeral::WATCHED_AGAIN;
use crate::presence::Presence;
use crate::rpc::{Calls, answer};
use crate::tokens::Tokens;
use crate::updates::Audience;

/// The channel of all instances.
const CHANNEL: &str = "sync:bus";

/// Messages on their way out; beyond them the others look by themselves.
const BACKLOG: usize = 4096;

/// How often feeds look into the log unasked, in case that nobody could say that there is something.
const LOOK: Duration = Duration::from_secs(5);

/// How long to wait before listening again.
const PAUSE: Duration = Duration::from_secs(1);

#[derive(Debug, Deserialize, Serialize)]
struct Message {
    /// The instance that says it.
    from: String,
    said: Said,
}

/// What one instance says to the others.
#[derive(Debug, Deserialize, Serialize)]
pub(super) enum Said {
    /// There is something in the log of these accounts.
    Look(Vec<String>),
    /// Something that passes.
    Mention { account: String, audience: Audience, body: Box<RawValue> },
    /// A token is good for nothing any more, or all of the account's.
    Revoked { account: String, token: Option<String> },
    /// Who has a socket that answers this?
    Call { id: String, account: String, method: String },
    /// I have, and make the call.
    Claimed { id: String },
    /// It is made; the result is in the cache.
    Answered { id: String },
    /// A session has ended: what is heard of it until then (microseconds) does not wake it. Nothing: it goes on.
    Silenced { session: String, until: Option<i64> },
    /// Who has a socket of this machine? Whoever has says that it is claimed.
    Machine { id: String, account: String, machine: String },
}

/// What instances speak about, beside what is logged.
pub(crate) struct Matters {
    pub(crate) cache: Cache,
    pub(crate) tokens: Tokens,
    pub(crate) presence: Presence,
}

/// The sending end.
pub(super) struct Bus {
    name: String,
    outgoing: mpsc::Sender<Said>,
    /// The calls of this instance that others make.
    pub(super) calls: Arc<Calls>,
}

/// What is to be sent.
pub(crate) struct Outgoing(mpsc::Receiver<Said>);

impl Bus {
    pub(super) fn new() -> (Self, Outgoing) {
        let (outgoing, sent) = mpsc::channel(BACKLOG);
        let name = format!("{:032x}", rand::random::<u128>());
        (Self { name, outgoing, calls: Arc::default() }, Outgoing(sent))
    }

    pub(super) fn say(&self, said: Said) {
        if self.outgoing.try_send(said).is_err() {
            debug!("other instances are not told; they look by themselves");
        }
    }

    fn message(&self, said: Said) -> Option<Bytes> {
        let message = Message { from: self.name.clone(), said };
        serde_json::to_vec(&message).ok().map(Bytes::from)
    }
}

impl Relay {
    /// Listens to other instances and speaks to them, until `stop`.
    pub(crate) async fn run_bus(self, matters: Matters, mut outgoing: Outgoing, stop: CancellationToken) {
        let Matters { cache, .. } = &matters;
        let mut looks = interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut watches = interval(WATCHED_AGAIN);
        watches.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let mut incoming = match cache.subscribe(CHANNEL).await {
                Ok(incoming) => incoming,
                Err(error) => {
                    warn!(%error, "other instances are not heard; feeds look by themselves");
                    if stop.run_until_cancelled(tokio::time::sleep(PAUSE)).await.is_none() {
                        return;
                    }
                    self.look_everywhere().await;
                    continue;
                }
            };
            loop {
                tokio::select! {
                    () = stop.cancelled() => return,
                    _ = looks.tick() => self.look_everywhere().await,
                    _ = watches.tick() => self.say_watched_again(cache),
                    said = outgoing.0.recv() => match said {
                        Some(said) => self.publish(cache, said).await,
                        None => return,
                    },
                    event = incoming.next() => match event {
                        Some(Event::Message(message)) => self.hear(&matters, &message).await,
                        Some(Event::Lagged) => self.look_everywhere().await,
                        None => break,
                    },
                }
            }
        }
    }

    async fn publish(&self, cache: &Cache, said: Said) {
        let Some(message) = self.bus().and_then(|bus| bus.message(said)) else { return };
        if let Err(error) = cache.publish(CHANNEL, message).await {
            debug!(%error, "other instances were not told; they look by themselves");
        }
    }

    async fn hear(&self, matters: &Matters, message: &[u8]) {
        let Ok(Message { from, said }) = serde_json::from_slice(message) else { return };
        if self.bus().is_some_and(|bus| bus.name == from) {
            return;
        }
        match said {
            Said::Look(accounts) => {
                for feed in accounts.iter().filter_map(|account| self.hub().find(account)) {
                    feed.look().await;
                }
            }
            Said::Mention { account, audience, body } => {
                if let Some(feed) = self.hub().find(&account) {
                    feed.mention(&audience, &body);
                }
            }
            Said::Revoked { account, token } => {
                match &token {
                    Some(token) => matters.tokens.forget(token),
                    None => matters.tokens.forget_account(&account),
                }
                self.close_sockets_here(&account, token.as_deref());
            }
            Said::Silenced { session, until } => matters.presence.hear_of_silence(&session, until),
            Said::Machine { id, account, machine } => {
                if matters.presence.has_machine(&account, &machine) {
                    self.say_claimed(&id);
                }
            }
            Said::Call { id, account, method } => {
                tokio::spawn(answer(self.clone(), matters.cache.clone(), id, account, method));
            }
            Said::Claimed { id } => {
                if let Some(calls) = self.calls() {
                    calls.claimed(&id);
                }
            }
            Said::Answered { id } => {
                if let Some(calls) = self.calls() {
                    calls.answered(&id);
                }
            }
        }
    }

    async fn look_everywhere(&self) {
        for feed in self.hub().all() {
            feed.look().await;
        }
    }
}
