//! Uploads that nobody goes on with, dropped also where no garbage is ever looked for: there may be only so many at once.

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;

use super::Collector;

/// How often it is looked for some: more often where they are kept for less than four times as long.
const EVERY: Duration = Duration::from_hours(1);

/// At most so often.
const LEAST: Duration = Duration::from_secs(1);

/// Drops them for as long as the server runs.
pub(crate) async fn run(collector: Collector, stop: CancellationToken) {
    let kept = collector.schedule.uploads;
    // Whoever keeps none leaves it to collections when they go.
    let every = if kept.is_zero() { EVERY } else { (kept / 4).clamp(LEAST, EVERY) };
    let mut ticks = interval_at(Instant::now() + every, every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = stop.cancelled() => return,
        }
        if let Err(error) = collector.expire_uploads().await {
            tracing::warn!(%error, "uploads that nobody goes on with cannot be dropped; it will be tried again");
        }
    }
}
