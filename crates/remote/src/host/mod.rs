//! What is known about a host: how fast it is, and how much it may be asked.

mod pace;
mod speed;

use std::sync::Arc;

use http::HeaderMap;
use tokio::time::Instant;
use url::Url;

pub(crate) use pace::Pace;
pub(crate) use speed::{Sample, Speed, Speeds};

/// What is known about one host, shared by all who read from it.
#[derive(Default)]
pub(crate) struct Host {
    pub(crate) pace: Pace,
    pub(crate) speeds: Speeds,
}

/// The hosts that are read from, by origin; those not asked for longest are forgotten first.
#[derive(Clone)]
pub(crate) struct Hosts(moka::future::Cache<String, Arc<Host>>);

impl Hosts {
    pub(crate) fn new(capacity: usize) -> Self {
        Self(moka::future::Cache::new(capacity as u64))
    }

    pub(crate) async fn get(&self, origin: &Url) -> Arc<Host> {
        // Nothing is asked to make one.
        self.0.get_with_by_ref(origin.as_str(), async { Arc::default() }).await
    }
}

impl Host {
    /// Notes what the headers of an answer say about the requests that are left.
    pub(crate) fn learn(&self, headers: &HeaderMap, resets_in: Option<std::time::Duration>) {
        let number = |name| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
        if let (Some(left), Some(resets_in)) = (number("ratelimit-remaining"), resets_in) {
            self.pace.learn(Instant::now(), left, number("ratelimit-limit"), resets_in);
        }
    }
}
