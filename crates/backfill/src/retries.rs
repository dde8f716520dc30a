//! What could not be fetched is tried again outside of any job: after a quarter of an hour, or a minute if the stream said that something
//! is missing, then less and less often.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use atproto::{Did, Nsid};
use clock::now_micros;
use futures::stream::{self, StreamExt};
use records::{CoverageState, Error, Lease, lock};
use remote::{Part, Position};
use store::Role;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use crate::JobError;
use crate::backfills::Inner;
use crate::progress::RepoState;
use crate::run::{End, History, Parts, Reach, fetch, outcome, settle};

/// Only one instance does this.
const LEASE: &str = "backfill/retries";

/// Between two looks.
const PERIOD: Duration = Duration::from_secs(15);

/// Rows looked at in one go.
const WINDOW: u32 = 200;

/// Repositories at the same time.
const AT_ONCE: usize = 4;

/// Tries again what is due, until the token is cancelled.
pub(crate) async fn retry(inner: Arc<Inner>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match round(&inner, &stop).await {
            Ok(()) | Err(JobError::Records(Error::LeaseLost { .. })) => {}
            Err(error) => warn!(%error, "trying again what could not be fetched"),
        }
        let wait = inner.scale.wait(PERIOD).max(Duration::from_millis(250));
        tokio::select! {
            () = stop.cancelled() => {}
            () = inner.hurry.notified() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

async fn round(inner: &Arc<Inner>, stop: &CancellationToken) -> Result<(), JobError> {
    let records = &inner.parts.records;
    let due = due(inner).await?;
    if due.is_empty() {
        return Ok(());
    }
    let Some(lease) = Lease::acquire(records, LEASE, &inner.parts.instance, Role::Backfill).await? else {
        return Ok(());
    };
    let done = all(inner, &lease, due, stop).await;
    lease.release().await;
    done
}

async fn all(
    inner: &Arc<Inner>,
    lease: &Lease,
    due: BTreeMap<Did, BTreeSet<Nsid>>,
    stop: &CancellationToken,
) -> Result<(), JobError> {
    let repos =
        stream::iter(due).map(|(did, collections)| one(inner, lease, did, collections.into_iter().collect()));
    let mut repos = std::pin::pin!(repos.buffer_unordered(AT_ONCE));
    loop {
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            done = repos.next() => match done {
                Some(done) => done?,
                None => return Ok(()),
            },
        }
    }
}

/// The repositories whose time has come, and those that somebody asked for.
async fn due(inner: &Inner) -> Result<BTreeMap<Did, BTreeSet<Nsid>>, JobError> {
    let records = &inner.parts.records;
    let mut rows = records.due(now_micros(), WINDOW).await?;
    rows.extend(records.covered(CoverageState::Pending, WINDOW).await?);
    let indexed = inner.parts.wanted.indexed();
    let mut due: BTreeMap<Did, BTreeSet<Nsid>> = BTreeMap::new();
    for row in rows.into_iter().filter(|row| indexed.contains(&row.collection)) {
        due.entry(row.did).or_default().insert(row.collection);
    }
    Ok(due)
}

async fn one(inner: &Arc<Inner>, lease: &Lease, did: Did, collections: Vec<Nsid>) -> Result<(), JobError> {
    let asked_at = now_micros();
    let tears = inner.parts.records.tears(&did).await?;
    let remote = &inner.parts.remote;
    let mut sink = Sink { inner, lease, failed: None };
    let ended = match remote.locate(&did).await {
        Ok(home) => {
            let reach = Reach {
                collections: &collections,
                from: None,
                mode: inner.parts.mode,
                verified: inner.parts.verified,
                began_at: asked_at,
                tears,
            };
            fetch(remote, &home, reach, &mut sink).await
        }
        Err(error) => outcome(&did, error, asked_at).map(Some),
    };
    if let Some(error) = sink.failed {
        return Err(error.into());
    }
    let end = match ended {
        Ok(Some(end)) => end,
        Ok(None) => return Ok(()),
        Err(error) => {
            debug!(%did, %error, "still not fetched");
            End {
                state: RepoState::Failed,
                error: Some(error.to_string()),
                history: History::Missing,
                status: None,
            }
        }
    };
    if let Some((status, asked_at)) = end.status {
        inner.parts.records.observe_status(&did, status, asked_at).await?;
    }
    let (guard, scale) = (lease.guard(), inner.scale);
    let written = inner.index.write(move |conn| {
        // In the order in which the others of this round take both.
        lock(conn)?;
        guard.check(conn)?;
        settle(conn, &did, &collections, &end, scale)?;
        Ok::<_, Error>(())
    });
    Ok(written.await?)
}

/// Writes each part at once: there are few.
struct Sink<'s> {
    inner: &'s Inner,
    lease: &'s Lease,
    failed: Option<Error>,
}

impl Parts for Sink<'_> {
    async fn take(&mut self, part: Part, _position: Position) -> bool {
        let guard = self.lease.guard();
        let along: records::Along = Arc::new(move |conn, _| guard.check(conn));
        match self.inner.parts.records.reconcile(vec![part], false, along).await {
            Ok(_) => true,
            Err(error) => {
                self.failed = Some(error);
                false
            }
        }
    }
}
