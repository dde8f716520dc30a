//! Forgets what is not needed any more: old updates, old pairing requests.

use std::time::Duration;

use clock::{micros, now_micros};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::Error;
use crate::auth::prune_pairings;
use crate::live::Relay;
use crate::updates::prune;

/// How long updates are kept for clients that missed them. Everything they tell can also be read.
const KEPT: Duration = Duration::from_hours(72);

const EVERY: Duration = Duration::from_mins(5);

/// Until `stop`.
pub(crate) async fn run(relay: Relay, stop: CancellationToken) {
    loop {
        let pruned = relay.state().write(|conn| {
            prune(conn, now_micros() - micros(KEPT))?;
            prune_pairings(conn)
        });
        if let Err(error) = pruned.await as Result<u64, Error> {
            warn!(%error, "old updates were not forgotten; next time");
        }
        if stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_none() {
            return;
        }
    }
}
