//! One collection, from its beginning to its end.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use hold::{Collected, Sweep};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::{CollectError, Collector};
use crate::telemetry;

/// How often it says how far it is.
const KEPT: Duration = Duration::from_secs(1);

/// A collection that was begun: as long as there is this, this process begins no other.
#[must_use = "a collection that was begun keeps others away until it was run"]
pub struct Collection {
    id: i64,
    collector: Collector,
    so_far: Arc<Mutex<Collected>>,
    _alone: Alone,
}

/// That this process is at it.
pub(super) struct Alone(pub(super) Arc<AtomicBool>);

impl Drop for Alone {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Collection {
    pub(super) fn new(id: i64, collector: Collector, alone: Alone) -> Self {
        Self { id, collector, so_far: Arc::default(), _alone: alone }
    }

    /// Its number.
    #[must_use]
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Removes uploads that nobody goes on with, then blobs that no image needs, and with them the links to them. What came of it, or of as
    /// much of it as there was before it failed, is written down.
    pub async fn run(self, stop: &CancellationToken) -> Result<Collected, CollectError> {
        let outcome = tokio::select! {
            outcome = self.sweep() => outcome.map_err(CollectError::from),
            lost = self.kept() => Err(lost),
            () = stop.cancelled() => Err(CollectError::Stopped),
        };
        let error = outcome.as_ref().err().map(ToString::to_string);
        telemetry::collected(outcome.is_ok(), &self.so_far());
        self.collector.hold.end_run(self.id, &self.so_far(), error.as_deref()).await?;
        outcome
    }

    async fn sweep(&self) -> Result<Collected, hold::Error> {
        let Collector { hold, links, schedule, .. } = &self.collector;
        self.collector.expire_uploads().await?;
        let page = |collected: &Collected, gone: Vec<_>| {
            self.so_far.lock().unwrap_or_else(PoisonError::into_inner).clone_from(collected);
            let links = links.clone();
            async move { if gone.is_empty() { Ok(()) } else { Ok(links.forget(gone).await?) } }.boxed()
        };
        hold.collect(schedule.grace, Sweep::Remove, page).await
    }

    /// Says how far it is, for as long as it is this one's to do.
    async fn kept(&self) -> CollectError {
        let mut ticks = interval(KEPT);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            match self.collector.hold.keep_run(self.id, &self.so_far()).await {
                Ok(true) => {}
                Ok(false) => return CollectError::Lost,
                // Whether the database answers again is seen by the next one, or by what is collected.
                Err(error) => tracing::debug!(%error, "a collection cannot say how far it is"),
            }
        }
    }

    fn so_far(&self) -> Collected {
        self.so_far.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
