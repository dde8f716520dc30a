//! Follows changes that other processes make.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::Catalogue;

/// How long a change made elsewhere may go unnoticed. A look costs one indexed row.
const INTERVAL: Duration = Duration::from_millis(250);

impl Catalogue {
    /// Refreshes until cancelled. While the database does not answer, the lexicons stay as they are.
    pub(crate) async fn follow(self, stop: CancellationToken) {
        let mut ticks = interval(INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut failing = false;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = ticks.tick() => {}
            }
            match self.refresh().await {
                Ok(()) => failing = false,
                // Once per outage, not four times a second.
                Err(error) if !failing => {
                    failing = true;
                    warn!(%error, "lexicons cannot be refreshed; serving with those known");
                }
                Err(_) => {}
            }
        }
    }
}
