//! Garbage, looked for now and then.

use std::time::Duration;

use futures::FutureExt;
use hold::{Collected, Error, Hold, Sweep};
use store::Database;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::links::Links;

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

/// Looks for garbage as long as the server runs.
pub(crate) async fn run(hold: Hold, state: Database, schedule: Schedule, stop: CancellationToken) {
    if schedule.every.is_zero() {
        return;
    }
    let mut ticks = interval(schedule.every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = stop.cancelled() => return,
        }
        let collected = tokio::select! {
            collected = collect(&hold, &state, schedule, Sweep::Remove) => collected,
            () = stop.cancelled() => return,
        };
        match collected {
            Ok(Collected { garbage: 0, .. }) => {}
            Ok(collected) => tracing::info!(?collected, "garbage was removed from the hold"),
            Err(error) => tracing::warn!(%error, "garbage cannot be looked for; it will be tried again"),
        }
    }
}

/// Once: uploads that nobody goes on with, then blobs that no image needs, and with them the links to them. Nothing goes if it is only
/// looked for. `state` is where the hold has its rows.
pub async fn collect(
    hold: &Hold,
    state: &Database,
    schedule: Schedule,
    sweep: Sweep,
) -> Result<Collected, Error> {
    if sweep == Sweep::Remove {
        hold.blobs().expire(schedule.uploads).await?;
        hold.expire_parts(schedule.uploads).await?;
    }
    let links = Links::new(state.clone());
    let forget = |gone| {
        let links = links.clone();
        async move { Ok(links.forget(gone).await?) }.boxed()
    };
    hold.collect(schedule.grace, sweep, forget).await
}
