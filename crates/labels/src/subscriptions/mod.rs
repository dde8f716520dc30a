//! Following the streams of all labelers that are active.
//!
//! One task per labeler, because each is as slow, as broken and as far behind as it likes. A lease makes sure that only one
//! instance follows a labeler.

mod batch;
mod follow;
mod session;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use atproto::Did;
use tokio::task::{AbortHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::{LabelsParts, telemetry};

/// Between two looks at the labelers: another instance may have changed them.
const PERIOD: Duration = Duration::from_secs(1);

/// The name of the lease with which an instance follows a labeler.
#[must_use]
pub fn lease_of(did: &Did) -> String {
    format!("labels/{did}")
}

/// Follows every labeler that is active, as long as it is.
pub struct Subscriptions {
    parts: Arc<LabelsParts>,
}

/// A labeler that is followed.
struct Followed {
    stop: CancellationToken,
    task: AbortHandle,
}

impl Subscriptions {
    /// Nothing happens until [`run`](Self::run).
    #[must_use]
    pub fn new(parts: LabelsParts) -> Self {
        telemetry::describe();
        Self { parts: Arc::new(parts) }
    }

    /// Follows until the token is cancelled; the transactions under way are finished first.
    pub async fn run(self, shutdown: CancellationToken) {
        // Dropped with this future, and all tasks with it.
        let mut tasks = JoinSet::new();
        let mut followed = HashMap::new();
        let mut changed = self.parts.labelers.changed();
        while !shutdown.is_cancelled() {
            changed.mark_unchanged();
            match self.parts.labelers.active().await {
                Ok(active) => self.follow(&active, &mut followed, &mut tasks, &shutdown),
                Err(error) => {
                    tracing::warn!(%error, "the labelers cannot be read; those followed are followed on");
                }
            }
            tokio::select! {
                () = shutdown.cancelled() => {}
                _ = changed.changed() => {}
                Some(ended) = tasks.join_next() => complain(ended),
                () = tokio::time::sleep(PERIOD) => {}
            }
        }
        while let Some(ended) = tasks.join_next().await {
            complain(ended);
        }
    }

    /// Begins and ends what is needed so that exactly the active ones are followed.
    fn follow(
        &self,
        active: &[Did],
        followed: &mut HashMap<Did, Followed>,
        tasks: &mut JoinSet<()>,
        shutdown: &CancellationToken,
    ) {
        followed.retain(|_, followed| !followed.task.is_finished());
        for (did, followed) in followed.iter() {
            if !active.contains(did) {
                followed.stop.cancel();
            }
        }
        for did in active {
            // One that is still ending is begun again when it has ended.
            followed.entry(did.clone()).or_insert_with(|| {
                let stop = shutdown.child_token();
                let following = follow::follow(Arc::clone(&self.parts), did.clone(), stop.clone());
                Followed { stop, task: tasks.spawn(following) }
            });
        }
    }
}

fn complain(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "following a labeler ended badly; it is started again");
    }
}
