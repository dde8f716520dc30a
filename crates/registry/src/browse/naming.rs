//! Finding out what owners are called, so that lists can say it and they are found by it.

use std::time::Duration;

use atproto::AtIdentifier;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use identity::Resolver;

use crate::index::Index;
use crate::refusal::Refusal;
use crate::registry::Registry;

/// How often it is looked for owners that are new.
const EVERY: Duration = Duration::from_secs(1);

/// After what time a name is found out anew.
const STALE: Duration = Duration::from_hours(24);

/// Owners at once.
const MOST: u32 = 20;

/// Names owners for as long as the server runs. One that cannot be found out is tried again when it would be stale.
pub(crate) async fn run(index: Index, resolver: Resolver, stop: CancellationToken) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = stop.cancelled() => return,
        }
        let stale = i64::try_from(STALE.as_micros()).unwrap_or(i64::MAX);
        let before = clock::now_micros().saturating_sub(stale);
        if let Some(Err(error)) = stop.run_until_cancelled(Box::pin(name(&index, &resolver, before))).await {
            tracing::warn!(%error, "cannot keep what owners of repositories are called");
        }
    }
}

impl Registry {
    /// Names owners who are new, some of them.
    pub(crate) async fn name_new_owners(&self) -> Result<(), Refusal> {
        Ok(name(&self.index, &self.authors.resolver, 1).await?)
    }
}

async fn name(index: &Index, resolver: &Resolver, before: i64) -> Result<(), store::Error> {
    for owner in index.owners_to_name(before, MOST).await? {
        let found = resolver.verified(&AtIdentifier::Did(owner.clone())).await;
        let handle = found.ok().and_then(|found| found.handle);
        index.name_owner(&owner, handle.as_ref().map(atproto::Handle::as_str)).await?;
    }
    Ok(())
}
