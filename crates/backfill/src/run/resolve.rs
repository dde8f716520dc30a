//! Where repositories are: looking up their DID documents.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use atproto::Did;
use clock::{jittered, now_micros};
use futures::stream::{FuturesUnordered, StreamExt};
use remote::{Home, RemoteError};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::end::settle;
use super::unit::{End, History, outcome};
use super::{Found, Shared};
use crate::progress::{self, RepoState};
use crate::{JobError, JobEvent};

/// For one repository, all tries together excepted.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// Tries of a repository.
const TRIES: u32 = 5;

/// Found hosts that are written down together.
const BATCH: usize = 100;

/// How long a host that was found waits for company.
const FLUSH: Duration = Duration::from_millis(50);

/// Before the table is looked at again when there was nothing in it.
const IDLE: Duration = Duration::from_millis(100);

/// Rows looked at in one go.
const WINDOW: u32 = 1_000;

/// What a look-up came to; `None` if it took too long.
type Looked = (Did, Option<Result<Home, RemoteError>>);

/// Looks up every repository of the job, until the token is cancelled.
pub(super) async fn resolve(
    shared: Arc<Shared>,
    hosts: mpsc::Sender<Found>,
    stop: CancellationToken,
) -> Result<(), JobError> {
    let mut resolving = Resolving {
        shared,
        hosts,
        ready: VecDeque::new(),
        held: HashSet::new(),
        tries: HashMap::new(),
        done: Vec::new(),
        after: String::new(),
        look_at: Instant::now(),
    };
    resolving.run(&stop).await
}

struct Resolving {
    shared: Arc<Shared>,
    hosts: mpsc::Sender<Found>,
    ready: VecDeque<Did>,
    /// Ready or being looked up.
    held: HashSet<Did>,
    tries: HashMap<Did, u32>,
    /// Not written down yet.
    done: Vec<(Did, Result<String, End>)>,
    /// Where looking into the table goes on.
    after: String,
    look_at: Instant,
}

impl Resolving {
    async fn run(&mut self, stop: &CancellationToken) -> Result<(), JobError> {
        let mut under_way = FuturesUnordered::new();
        let mut flush_at: Option<Instant> = None;
        while !stop.is_cancelled() {
            let at_once = (self.shared.tuning)().concurrent_resolution as usize;
            if self.ready.is_empty() && under_way.len() < at_once && Instant::now() >= self.look_at {
                self.look_into_the_table().await?;
            }
            while under_way.len() < at_once
                && let Some(did) = self.ready.pop_front()
            {
                let (shared, tries) = (Arc::clone(&self.shared), self.tries.get(&did).copied().unwrap_or(0));
                under_way.push(async move { look_up(&shared, did, tries).await });
            }
            let soon = Instant::now() + IDLE;
            let look_at = if self.ready.is_empty() { self.look_at.max(soon) } else { soon };
            let wake = flush_at.unwrap_or(look_at);
            tokio::select! {
                () = stop.cancelled() => break,
                Some(looked) = under_way.next(), if !under_way.is_empty() => {
                    self.looked(looked);
                    flush_at.get_or_insert_with(|| Instant::now() + FLUSH);
                }
                () = tokio::time::sleep_until(wake.into()) => {}
            }
            if self.done.len() >= BATCH || flush_at.is_some_and(|at| at <= Instant::now()) {
                self.write_down().await?;
                flush_at = None;
            }
        }
        Ok(())
    }

    async fn look_into_the_table(&mut self) -> Result<(), JobError> {
        let found = self.shared.to_resolve(&self.after, WINDOW).await?;
        match found.last() {
            Some(last) if found.len() >= WINDOW as usize => last.as_str().clone_into(&mut self.after),
            _ => {
                self.after.clear();
                self.look_at = Instant::now() + IDLE;
            }
        }
        for did in found {
            if self.held.insert(did.clone()) {
                self.ready.push_back(did);
            }
        }
        Ok(())
    }

    fn looked(&mut self, (did, found): Looked) {
        let why = match found {
            Some(Ok(home)) => return self.done.push((did, Ok(origin(&home)))),
            Some(Err(error)) => match outcome(&did, error, now_micros()) {
                Ok(end) => return self.done.push((did, Err(end))),
                Err(error) => error.to_string(),
            },
            None => format!("its DID document did not come within {} s", TIME_LIMIT.as_secs()),
        };
        let tries = self.tries.entry(did.clone()).or_default();
        *tries += 1;
        if *tries < TRIES {
            self.ready.push_back(did);
        } else {
            let end =
                End { state: RepoState::Failed, error: Some(why), history: History::Missing, status: None };
            self.done.push((did, Err(end)));
        }
    }

    async fn write_down(&mut self) -> Result<(), JobError> {
        let done = std::mem::take(&mut self.done);
        let rows = done.clone();
        let (collections, scale) = (self.shared.collections.clone(), self.shared.scale);
        self.shared
            .change(move |conn, job| {
                rows.iter().try_for_each(|(did, row)| match row {
                    Ok(host) => progress::resolved(conn, job, did, host),
                    Err(end) => {
                        if progress::end(conn, job, did, end.state, end.error.as_deref())? {
                            settle(conn, did, &collections, end, scale)?;
                        }
                        Ok(())
                    }
                })
            })
            .await?;
        for (did, found) in done {
            self.held.remove(&did);
            self.tries.remove(&did);
            self.shared.count(|counters| {
                counters.resolved += 1;
                match &found {
                    Ok(_) => {}
                    Err(end) if end.state == RepoState::Gone => counters.processed += 1,
                    Err(_) => counters.failed += 1,
                }
            });
            if let Ok(host) = found {
                self.shared.tell(JobEvent::RepoResolved { did: did.clone(), pds_endpoint: host.clone() });
                // Whoever does not listen has stopped.
                let _ = self.hosts.send((host, did)).await;
            }
        }
        Ok(())
    }
}

async fn look_up(shared: &Shared, did: Did, tries: u32) -> Looked {
    if tries > 0 {
        let wait = Duration::from_millis(250) * 2_u32.pow(tries);
        tokio::time::sleep(jittered(shared.scale.wait(wait))).await;
    }
    let found = tokio::time::timeout(TIME_LIMIT, shared.remote.locate(&did)).await;
    (did, found.ok())
}

/// As the tables and the admin API have it.
fn origin(home: &Home) -> String {
    home.host.as_str().trim_end_matches('/').to_owned()
}
