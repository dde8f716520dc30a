//! A call to a socket that may be at another instance, and the other end of it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use cache::Cache;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::{sleep, timeout};

use super::calls::Pending;
use super::{Failure, call_here};
use crate::live::{Callee, Feed, Relay};

/// How long a caller waits for somebody who answers to appear.
const APPEARANCE: Duration = Duration::from_secs(15);

/// How often the other instances are asked in that time.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// The longest that a claimed call takes: its own time, and the ways.
const ANSWER: Duration = Duration::from_secs(35);

/// How long the cache keeps what belongs to a call, if nobody removes it before.
const KEPT: Duration = Duration::from_secs(40);

type Outcome = Result<Value, Failure>;

/// Somebody calls.
pub(crate) struct Request<'a> {
    pub(crate) account: &'a str,
    /// The id of the socket that calls.
    pub(crate) caller: &'a str,
    pub(crate) method: &'a str,
    pub(crate) params: &'a Value,
    /// Counts how often the other instances are asked again.
    pub(crate) retries: &'a AtomicU32,
}

impl Request<'_> {
    /// What whoever answers says, wherever they are; they are waited for, because they may just be coming back.
    pub(crate) async fn make(&self, relay: &Relay, feed: &Feed, cache: &Cache) -> Outcome {
        let calls = if feed.callees.find(self.method).is_none() { relay.calls() } else { None };
        let Some(calls) = calls else { return self.make_here(feed).await };
        let call = calls.begin();
        store(cache, &call.id, "params", self.params).await;
        let outcome = self.make_somewhere(relay, feed, cache, &call).await;
        // Taken, if another instance made it.
        if let Err(error) = cache.delete(&key(&call.id, "params")).await {
            tracing::debug!(%error, "what a call was made with stays in the cache for a while");
        }
        outcome
    }

    /// A call that only a socket here can answer.
    async fn make_here(&self, feed: &Feed) -> Outcome {
        let appearance = timeout(APPEARANCE, feed.callees.appearance(self.method));
        let callee = appearance.await.map_err(|_| Failure::NotAvailable)?;
        self.ask(&callee).await
    }

    /// A call that a socket here or at another instance answers.
    async fn make_somewhere(&self, relay: &Relay, feed: &Feed, cache: &Cache, call: &Pending) -> Outcome {
        let found = tokio::select! {
            callee = feed.callees.appearance(self.method) => Some(callee),
            () = self.claimed_elsewhere(relay, call) => None,
            () = sleep(APPEARANCE) => return Err(Failure::NotAvailable),
        };
        match found {
            Some(callee) if *callee.listener.id == *self.caller => Err(Failure::SelfCall),
            // Somebody appeared here; but another instance may have been quicker.
            Some(callee) if claim(cache, &call.id).await => self.ask(&callee).await,
            _ => result(cache, call).await,
        }
    }

    async fn ask(&self, callee: &Callee) -> Outcome {
        if *callee.listener.id == *self.caller {
            return Err(Failure::SelfCall);
        }
        call_here(callee, self.method, self.params).await
    }

    /// Asks the other instances until one of them makes the call.
    async fn claimed_elsewhere(&self, relay: &Relay, call: &Pending) {
        loop {
            relay.say_call(&call.id, self.account, self.method);
            if timeout(ASK_AGAIN, call.progress.claimed.cancelled()).await.is_ok() {
                return;
            }
            self.retries.fetch_add(1, Ordering::Relaxed);
        }
    }
}

async fn result(cache: &Cache, call: &Pending) -> Outcome {
    timeout(ANSWER, call.progress.answered.cancelled()).await.map_err(|_| Failure::TimedOut)?;
    load::<Outcome>(cache, &call.id, "result").await.unwrap_or(Err(Failure::Disconnected))
}

/// Makes the call of another instance, if somebody here answers it and nobody else has taken it.
pub(crate) async fn answer(relay: Relay, cache: Cache, id: String, account: String, method: String) {
    let callee = relay.hub().find(&account).and_then(|feed| feed.callees.find(&method));
    let Some(callee) = callee else { return };
    if !claim(&cache, &id).await {
        return;
    }
    relay.say_claimed(&id);
    let outcome = match load::<Value>(&cache, &id, "params").await {
        Some(params) => call_here(&callee, &method, &params).await,
        None => Err(Failure::Disconnected),
    };
    store(&cache, &id, "result", &outcome).await;
    relay.say_answered(&id);
}

fn key(id: &str, what: &str) -> String {
    format!("sync:rpc:{id}:{what}")
}

/// Whether the call is now this instance's to make.
async fn claim(cache: &Cache, id: &str) -> bool {
    let claimed = cache.set_if_absent(&key(id, "claim"), Bytes::from_static(b"1"), KEPT).await;
    claimed.unwrap_or(false)
}

async fn store(cache: &Cache, id: &str, what: &str, value: &impl Serialize) {
    let Ok(bytes) = serde_json::to_vec(value) else { return };
    if let Err(error) = cache.set(&key(id, what), bytes.into(), KEPT).await {
        tracing::warn!(%error, what, "a call between instances is lost");
    }
}

async fn load<T: DeserializeOwned>(cache: &Cache, id: &str, what: &str) -> Option<T> {
    let bytes = cache.take(&key(id, what)).await.ok().flatten()?;
    serde_json::from_slice(&bytes).ok()
}
