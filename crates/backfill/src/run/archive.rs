//! History out of an archive: one server's files instead of a question to everybody.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;
use std::time::{Duration, Instant};

use atproto::Did;
use atproto::jetstream::segment::{Kind, RecordChange};
use clock::{jittered, now_micros};
use records::{Along, Coverage, CoverageState, coverage};
use remote::archive::{Archive, ArchiveEvent, PlanRequest};
use remote::{Found, Part, RemoteError};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::Shared;
use super::shared::REPORT;
use crate::JobError;
use crate::progress::archived;

/// The host of repositories that are read out of the archive.
const HOST: &str = "archive";

/// Tries of the archive in a row before everybody is asked instead.
const TRIES: u32 = 5;

/// Before the second try, doubled with each further one.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// Repositories that are completed together.
const CHUNK: u32 = 500;

/// Reads the archive to its end; false if there is none, or none that leads anywhere.
pub(super) async fn read(
    shared: &Shared,
    archive: &Archive,
    stop: &CancellationToken,
) -> Result<bool, JobError> {
    let job = shared.job.id.clone();
    let from = match shared.index.read(move |conn| archived::position(conn, &job)).await? {
        Some((None, true)) => return Ok(false),
        Some((_, true)) => return Ok(true),
        Some((position, false)) => position,
        None => match archive.is_offered().await {
            Ok(true) => None,
            Ok(false) => return Ok(false),
            Err(error) => {
                warn!(%error, "whether the stream's server has an archive is not known; repositories are asked");
                return Ok(false);
            }
        },
    };
    match all(shared, archive, from, stop).await? {
        Ok(_) if stop.is_cancelled() => Ok(true),
        Ok(true) => complete(shared).await.map(|()| true),
        Ok(false) => {
            info!(job = shared.job.id, "the archive has nothing of the kind; repositories are asked");
            shared.change(|conn, job| archived::abandoned(conn, job, HOST)).await?;
            Ok(false)
        }
        Err(error) => {
            warn!(%error, "the archive does not lead anywhere; repositories are asked");
            shared.change(|conn, job| archived::abandoned(conn, job, HOST)).await?;
            shared.recount().await?;
            Ok(false)
        }
    }
}

/// Reads everything that is wanted, batch by batch; false if there is nothing, which says more about the archive than about
/// what people have written. The inner error is the archive's.
async fn all(
    shared: &Shared,
    archive: &Archive,
    from: Option<String>,
    stop: &CancellationToken,
) -> Result<Result<bool, RemoteError>, JobError> {
    let request = PlanRequest { collections: shared.collections.clone(), ..PlanRequest::default() };
    let plan = match archive.plan(&request).await {
        Ok(plan) => plan,
        Err(error) => return Ok(Err(error)),
    };
    if plan.segments() == 0 {
        return Ok(Ok(false));
    }
    info!(job = shared.job.id, segments = plan.segments(), "history is read out of an archive");
    let mut reader = archive.read(plan, from.and_then(|position| position.parse().ok()));
    let mut failures = 0;
    let mut counted = Instant::now();
    loop {
        let next = tokio::select! {
            () = stop.cancelled() => return Ok(Ok(true)),
            next = reader.next() => next,
        };
        match next {
            Ok(None) => return Ok(Ok(true)),
            Ok(Some((events, position))) => {
                failures = 0;
                write(shared, events, position.to_string()).await?;
                // Which repositories are new only the table knows, and counting reads all of it.
                if counted.elapsed() >= REPORT {
                    shared.recount().await?;
                    counted = Instant::now();
                }
            }
            Err(error) => {
                failures += 1;
                if failures >= TRIES {
                    return Ok(Err(error));
                }
                let wait = shared.scale.wait(FIRST_WAIT * 2_u32.pow(failures - 1));
                tokio::select! {
                    () = stop.cancelled() => return Ok(Ok(true)),
                    () = tokio::time::sleep(jittered(wait)) => {}
                }
            }
        }
    }
}

/// Writes a batch, and how far it brings the job.
async fn write(shared: &Shared, events: Vec<ArchiveEvent>, position: String) -> Result<(), JobError> {
    let batch = Batch::of(events);
    let (guard, job) = (shared.lease.guard(), shared.job.id.clone());
    let (seen, doubted) = (batch.seen, batch.doubted);
    let along: Along = Arc::new(move |conn, _| {
        guard.check(conn)?;
        for (did, records) in &seen {
            archived::seen(conn, &job, did, HOST, *records)?;
        }
        for did in &doubted {
            archived::doubted(conn, &job, did, HOST)?;
        }
        archived::reached(conn, &job, &position)?;
        Ok(())
    });
    shared.records.reconcile(batch.parts, false, along).await?;
    Ok(())
}

/// Events in the form in which they are written.
#[derive(Default)]
struct Batch {
    /// Of each record the last change.
    parts: Vec<Part>,
    /// Records by repository.
    seen: BTreeMap<Did, i64>,
    /// Repositories that jumped or went: what was read of them before is void, which changes of single records do not say.
    doubted: BTreeSet<Did>,
}

impl Batch {
    fn of(events: Vec<ArchiveEvent>) -> Self {
        let mut batch = Self::default();
        let mut last = BTreeMap::new();
        for event in events {
            let ArchiveEvent { did, time_us, kind, .. } = event;
            match kind {
                Kind::Record(change) => {
                    *batch.seen.entry(did.clone()).or_default() += i64::from(change.record.is_some());
                    let key = (did, change.collection.clone(), change.rkey.clone());
                    last.insert(key, (change, time_us));
                }
                Kind::Sync { .. } => drop(batch.doubted.insert(did)),
                Kind::Account(account) if !account.active => drop(batch.doubted.insert(did)),
                Kind::Account(_) | Kind::Identity(_) | Kind::Unknown => {}
            }
        }
        batch.parts =
            last.into_iter().map(|((did, ..), (change, time_us))| part(did, change, time_us)).collect();
        batch
    }
}

/// One record, as of one revision.
fn part(did: Did, change: RecordChange, time_us: i64) -> Part {
    let RecordChange { collection, rkey, rev, record } = change;
    let found = record.map(|record| Found {
        rkey: rkey.clone(),
        json: record.json,
        cid: record.cid,
        refs: record.refs,
    });
    Part {
        did,
        collection,
        rev,
        asked_at: time_us,
        keys: (Bound::Included(rkey.clone()), Bound::Included(rkey)),
        records: found.into_iter().collect(),
        proven: false,
    }
}

/// Everybody who was read is complete, and nobody else is looked for.
async fn complete(shared: &Shared) -> Result<(), JobError> {
    let since = shared.began_at().min(now_micros());
    loop {
        let collections = shared.collections.clone();
        let completed = shared.change(move |conn, job| {
            let dids = archived::complete(conn, job, HOST, CHUNK)?;
            for did in &dids {
                for collection in &collections {
                    let row = Coverage::new(did, collection, CoverageState::Complete, since);
                    coverage::set(conn, &row)?;
                }
            }
            Ok(dids.len())
        });
        if completed.await? == 0 {
            break;
        }
    }
    shared.change(archived::finished).await?;
    shared.recount().await?;
    Ok(())
}
