//! Many who write one session and many who follow it, while servers and connections come and go.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::future::{join, join_all};
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::listener::Heard;
use super::log_in;
use super::poster::{Posted, post};
use crate::HttpClient;

/// How many of each.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Those who write, each one message after the other.
    pub posters: u64,
    /// What each writes in any case.
    pub at_least: u64,
    /// Those who follow.
    pub listeners: usize,
    /// After how many messages at most a listener leaves, to come back at once.
    pub leaves_after: Option<u64>,
    /// The length of a message in bytes.
    pub bytes: usize,
}

/// One that goes on.
pub struct Storm {
    stage: Arc<Stage>,
    running: JoinHandle<Outcome>,
}

/// What came of it. There are no other faults: they panic.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// Messages of the session.
    pub messages: usize,
    /// How often a socket told one of them.
    pub told: u64,
    /// How often a listener connected.
    pub connections: u64,
}

/// What all of them share.
pub(super) struct Stage {
    pub(super) clients: Vec<HttpClient>,
    pub(super) token: String,
    pub(super) session: String,
    pub(super) content: String,
    pub(super) leaves_after: Option<u64>,
    /// Cancelled when it is to end.
    pub(super) calm: CancellationToken,
    faults: Mutex<Vec<String>>,
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Stage {
    pub(super) fn messages(&self) -> String {
        format!("/v3/sessions/{}/messages", self.session)
    }

    pub(super) fn fault(&self, fault: String) {
        lock(&self.faults).push(fault);
    }

    pub(super) fn has_faults(&self) -> bool {
        !lock(&self.faults).is_empty()
    }
}

impl Storm {
    /// Begins at servers that share a database, with an account of its own. They may go and come back where they were.
    pub async fn begin(servers: &[HttpClient], plan: Plan) -> Self {
        let token = log_in(&servers[0]).await;
        let clients: Vec<_> = servers.iter().map(|server| server.with_bearer(&token)).collect();
        let body = json!({ "tag": "storm", "metadata": "opaque" });
        let session = clients[0].post("/v1/sessions", &body).await.expect(200)["session"]["id"].take();
        let session = session.as_str().unwrap_or_default().to_owned();
        let (leaves_after, content) = (plan.leaves_after, "x".repeat(plan.bytes));
        let (calm, faults) = (CancellationToken::new(), Mutex::default());
        let stage = Arc::new(Stage { clients, token, session, content, leaves_after, calm, faults });
        let running = tokio::spawn(run(stage.clone(), plan));
        Self { stage, running }
    }

    /// Lets everybody finish, and looks whether all know the same.
    pub async fn end(self) -> Outcome {
        self.stage.calm.cancel();
        self.running.await.unwrap_or_else(|error| panic!("the storm: {error}"))
    }
}

async fn run(stage: Arc<Stage>, plan: Plan) -> Outcome {
    let (total, known) = watch::channel(None);
    let listeners = (0..plan.listeners).map(|number| {
        let (stage, known) = (stage.clone(), known.clone());
        tokio::spawn(async move { Heard::follow(&stage, number, known).await })
    });
    let listeners = join_all(listeners.collect::<Vec<_>>());
    let posted = Posted::default();
    let posting = async {
        join_all((0..plan.posters).map(|number| post(&stage, number, plan.at_least, &posted))).await;
        _ = total.send(Some(lock(&posted).len()));
    };
    let (heard, ()) = join(listeners, posting).await;
    let faults = lock(&stage.faults);
    assert!(faults.is_empty(), "{} faults: {:#?}", faults.len(), faults.iter().take(5).collect::<Vec<_>>());
    let heard: Vec<Heard> = heard.into_iter().map(Result::unwrap_or_default).collect();
    let mut posted = std::mem::take(&mut *lock(&posted));
    for (number, one) in heard.iter().enumerate() {
        assert!(one.log == heard[0].log, "listeners 0 and {number} know different logs");
    }
    let mut log = heard.first().map(|heard| heard.log.clone()).unwrap_or_default();
    log.sort_unstable();
    posted.sort_unstable();
    assert!(log == posted, "what was posted and what is there differ");
    let told = heard.iter().map(|heard| heard.told).sum();
    let connections = heard.iter().map(|heard| heard.connected).sum();
    Outcome { messages: log.len(), told, connections }
}
