//! Whose history there is: reading the directory beside the relay.

use std::sync::Arc;
use std::time::Duration;

use clock::jittered;
use futures::stream::{self, TryStreamExt};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::{Shared, archive};
use crate::progress::{self, Discovery};
use crate::{JobError, JobEvent};

/// Collections at the same time.
const AT_ONCE: usize = 5;

/// Repositories on a page.
const PAGE: u32 = 1_000;

/// Repositories that are known and not done: beyond that the directory can wait.
const WINDOW: i64 = 50_000;

/// Waits after pages that did not come: the first one, doubled up to the second.
const WAITS: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(30));

/// Tries of a page before the job fails.
const TRIES: u32 = 8;

/// Finds out whose history there is, for every collection of the job: out of the archive, if that may be used, which has
/// the history as well; else from the directory.
pub(super) async fn discover(shared: Arc<Shared>, stop: CancellationToken) -> Result<(), JobError> {
    if let Some(archive) = &shared.archive
        && archive::read(&shared, archive, &stop).await?
    {
        return Ok(());
    }
    let collections = shared.undiscovered().await?;
    stream::iter(collections.into_iter().map(Ok::<_, JobError>))
        .try_for_each_concurrent(AT_ONCE, |discovery| one(Arc::clone(&shared), discovery, stop.clone()))
        .await
}

async fn one(shared: Arc<Shared>, discovery: Discovery, stop: CancellationToken) -> Result<(), JobError> {
    let Discovery { collection, mut cursor } = discovery;
    let mut failures = 0;
    while !stop.is_cancelled() {
        if shared.undone() > WINDOW {
            pause(&stop, WAITS.0).await;
            continue;
        }
        let page = tokio::select! {
            () = stop.cancelled() => return Ok(()),
            page = shared.directory.repos_with(&collection, cursor.as_deref(), PAGE) => page,
        };
        let page = match page {
            Ok(page) => page,
            Err(error) => {
                failures += 1;
                warn!(%collection, %error, failures, "a page of the directory did not come");
                if failures >= TRIES {
                    return Err(JobError::Directory {
                        collection: collection.to_string(),
                        cause: error.to_string(),
                    });
                }
                let wait = (WAITS.0 * 2_u32.pow(failures)).min(WAITS.1);
                pause(&stop, jittered(shared.scale.wait(wait))).await;
                continue;
            }
        };
        failures = 0;
        faults::crash_point!("backfill.page-read");
        let (of, dids, next) = (collection.clone(), page.dids, page.cursor.clone());
        let new =
            shared.change(move |conn, job| progress::found(conn, job, &of, &dids, next.as_deref())).await?;
        faults::crash_point!("backfill.page-kept");
        let number = i64::try_from(new.len()).unwrap_or_default();
        shared.count(|counters| counters.total += number);
        for did in new {
            shared.tell(JobEvent::RepoDiscovered { did });
        }
        match page.cursor {
            Some(next) => cursor = Some(next),
            None => return Ok(()),
        }
    }
    Ok(())
}

async fn pause(stop: &CancellationToken, wait: Duration) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(wait) => {}
    }
}
