//! Garbage, looked for now and then, and when somebody asks for it.

mod collection;
mod error;
mod expiry;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clock::{micros, now_micros};
use futures::FutureExt;
use hold::{Begun, Collected, Hold, Sweep};
use store::Database;
use tokio::sync::mpsc::Receiver;
use tokio::time::{Interval, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::links::Links;
use collection::Alone;
pub use collection::Collection;
pub use error::CollectError;
pub(crate) use expiry::run as expire;

/// How often garbage is looked for, and what counts as such.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    /// Between one time and the next; nothing is looked for if it is zero.
    pub every: Duration,
    /// How long a blob that no image needs is left alone.
    pub grace: Duration,
    /// How long an upload that nobody goes on with is left alone.
    pub uploads: Duration,
}

impl Default for Schedule {
    fn default() -> Self {
        let day = Duration::from_hours(24);
        Self { every: Duration::from_hours(6), grace: day, uploads: day }
    }
}

/// Collects garbage, for the server and for commands. Cheap to clone.
#[derive(Clone)]
pub struct Collector {
    hold: Hold,
    links: Links,
    schedule: Schedule,
    holder: Arc<str>,
    /// Whether this process is at it: of its own rows it believes that they are of an earlier life.
    is_busy: Arc<AtomicBool>,
}

impl Collector {
    /// `state` is where the hold has its rows, `holder` names this process among those that have the same.
    #[must_use]
    pub fn new(hold: Hold, state: Database, schedule: Schedule, holder: &str) -> Self {
        let (links, holder) = (Links::new(state), holder.into());
        Self { hold, links, schedule, holder, is_busy: Arc::default() }
    }

    /// How garbage is looked for.
    #[must_use]
    pub fn schedule(&self) -> Schedule {
        self.schedule
    }

    /// Begins a collection that `actor` asks for; none if somebody is at it, here or elsewhere.
    pub async fn begin(&self, actor: Option<&str>) -> Result<Option<Collection>, hold::Error> {
        self.begin_unless(actor, None).await
    }

    /// The same when it is time, where another instance has not done it lately.
    async fn begin_as_scheduled(&self) -> Result<Option<Collection>, hold::Error> {
        self.begin_unless(None, Some(now_micros() - micros(self.schedule.every) / 2)).await
    }

    async fn begin_unless(
        &self,
        actor: Option<&str>,
        unless_since: Option<i64>,
    ) -> Result<Option<Collection>, hold::Error> {
        if self.is_busy.swap(true, Ordering::AcqRel) {
            return Ok(None);
        }
        let alone = Alone(Arc::clone(&self.is_busy));
        let begun = Begun { holder: &self.holder, actor, unless_since };
        let id = self.hold.begin_run(begun).await?;
        Ok(id.map(|id| Collection::new(id, self.clone(), alone)))
    }

    /// Drops uploads that nobody goes on with.
    pub(crate) async fn expire_uploads(&self) -> Result<(), hold::Error> {
        self.hold.blobs().expire(self.schedule.uploads).await?;
        self.hold.expire_parts(self.schedule.uploads).await?;
        Ok(())
    }

    /// Says what a collection would find, and removes nothing.
    pub async fn look(&self) -> Result<Collected, hold::Error> {
        self.hold.collect(self.schedule.grace, Sweep::DryRun, |_, _| async { Ok(()) }.boxed()).await
    }
}

/// Looks for garbage as long as the server runs: when it is time, and when somebody has begun to.
pub(crate) async fn run(collector: Collector, mut asked: Receiver<Collection>, stop: CancellationToken) {
    let every = collector.schedule.every;
    let mut ticks = (!every.is_zero()).then(|| {
        let mut ticks = interval(every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks
    });
    loop {
        let begun = tokio::select! {
            () = stop.cancelled() => return,
            Some(collection) = asked.recv() => Ok(Some(collection)),
            () = next(&mut ticks) => collector.begin_as_scheduled().await,
        };
        match begun {
            Ok(None) => {}
            Ok(Some(collection)) => match collection.run(&stop).await {
                Ok(Collected { garbage: 0, .. }) | Err(CollectError::Stopped) => {}
                Ok(collected) => tracing::info!(?collected, "garbage was removed from the hold"),
                Err(error) => refused(&error),
            },
            Err(error) => refused(&error.into()),
        }
    }
}

fn refused(error: &CollectError) {
    tracing::warn!(%error, "garbage cannot be looked for; it will be tried again");
}

/// The next time; never, where there is no schedule.
async fn next(ticks: &mut Option<Interval>) {
    match ticks {
        Some(ticks) => drop(ticks.tick().await),
        None => std::future::pending().await,
    }
}
