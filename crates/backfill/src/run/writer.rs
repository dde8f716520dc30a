//! Writing what was fetched: many repositories in one transaction, with everything that says how far they are.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use atproto::Did;
use records::Error;
use remote::Part;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use super::Shared;
use super::end::settle;
use super::unit::End;
use crate::progress::{self, RepoState};
use crate::{JobError, JobEvent};

/// Records in one transaction at most: enough to share a commit, few enough that nobody waits long for the writer.
const BATCH: usize = 2_000;

/// Messages in one transaction at most.
const MESSAGES: usize = 256;

/// Between two attempts while the database does not take writes.
const STALL: Duration = Duration::from_secs(1);

/// What is to be written of a repository.
pub(crate) enum Message {
    /// More of it, up to a position.
    Part { did: Did, part: Box<Part>, position: String },
    /// Its end after so many records, to be acknowledged when it is durable.
    End { did: Did, host: String, fetched: i64, end: Box<End>, ack: oneshot::Sender<()> },
}

/// The one task that writes for a job.
pub(super) struct Writer {
    shared: Arc<Shared>,
}

/// What the transaction writes besides the records.
#[derive(Clone)]
enum Note {
    Advance { did: Did, position: String, records: i64 },
    End { did: Did, end: Box<End> },
}

impl Writer {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Until everybody who fetches has gone, or the job is not this instance's any more.
    pub(super) async fn run(
        self,
        mut queue: mpsc::Receiver<Message>,
        stop: CancellationToken,
    ) -> Result<(), JobError> {
        while let Some(first) = queue.recv().await {
            let mut batch = vec![first];
            let mut records = batch[0].records();
            while records < BATCH
                && batch.len() < MESSAGES
                && let Ok(message) = queue.try_recv()
            {
                records += message.records();
                batch.push(message);
            }
            self.commit(batch, &stop).await?;
        }
        Ok(())
    }

    async fn commit(&self, batch: Vec<Message>, stop: &CancellationToken) -> Result<(), JobError> {
        let (mut parts, mut notes, mut acks) = (Vec::new(), Vec::new(), Vec::new());
        for message in batch {
            match message {
                Message::Part { did, part, position } => {
                    let records = i64::try_from(part.records.len()).unwrap_or_default();
                    parts.push(*part);
                    notes.push(Note::Advance { did, position, records });
                }
                Message::End { did, host, fetched, end, ack } => {
                    acks.push((did.clone(), (host, fetched), end.state, ack));
                    notes.push(Note::End { did, end });
                }
            }
        }
        let whole = self.write(parts.clone(), notes.clone(), stop).await;
        let ended = match whole {
            Ok(ended) => ended,
            Err(JobError::Records(Error::LeaseLost { source_name })) => {
                return Err(Error::LeaseLost { source_name }.into());
            }
            // Something that the database does not take: whose it is shows when each stands alone.
            Err(_) => self.write_one_by_one(parts, notes, stop).await?,
        };
        for (did, (pds_endpoint, records_fetched), state, ack) in acks {
            if ended.contains(&did) {
                metrics::counter!("backfill_repos_total", "outcome" => state.as_str()).increment(1);
                if state == RepoState::Fetched {
                    self.shared.tell(JobEvent::RepoFetched { did, pds_endpoint, records_fetched });
                }
            }
            // A unit that is gone does not wait.
            let _ = ack.send(());
        }
        Ok(())
    }

    /// A repository of which a part is refused is given up: nothing else of it is written, least of all that it is done.
    async fn write_one_by_one(
        &self,
        parts: Vec<Part>,
        notes: Vec<Note>,
        stop: &CancellationToken,
    ) -> Result<HashSet<Did>, JobError> {
        let mut parts = parts.into_iter();
        let (mut ended, mut given_up) = (HashSet::new(), HashSet::new());
        for note in notes {
            let part = matches!(note, Note::Advance { .. }).then(|| parts.next()).flatten();
            let did = note.did().clone();
            if given_up.contains(&did) {
                continue;
            }
            match self.write(part.into_iter().collect(), vec![note], stop).await {
                Ok(now) => ended.extend(now),
                Err(JobError::Records(lost @ Error::LeaseLost { .. })) => return Err(lost.into()),
                Err(refused) => {
                    error!(%did, error = %refused, "the database refuses a part of a repository");
                    given_up.insert(did.clone());
                    self.shared.give_up(did, "refused by the database").await?;
                }
            }
        }
        Ok(ended)
    }

    /// Repeats the transaction while the database does not take writes; which repositories have ended with it. Stopping does not
    /// lose anything: what is not written is fetched again.
    async fn write(
        &self,
        parts: Vec<Part>,
        notes: Vec<Note>,
        stop: &CancellationToken,
    ) -> Result<HashSet<Did>, JobError> {
        loop {
            let written = self.transaction(parts.clone(), notes.clone()).await;
            match written {
                Err(error) if error.is_transient() => {
                    warn!(%error, "a backfill waits for the database");
                    tokio::select! {
                        () = stop.cancelled() => return Err(error.into()),
                        () = tokio::time::sleep(STALL) => {}
                    }
                }
                other => return Ok(other?),
            }
        }
    }

    async fn transaction(&self, parts: Vec<Part>, notes: Vec<Note>) -> Result<HashSet<Did>, Error> {
        let shared = Arc::clone(&self.shared);
        for note in &notes {
            if let Note::End { did, end } = note
                && let Some((status, asked_at)) = end.status
            {
                shared.records.observe_status(did, status, asked_at).await?;
            }
        }
        let told = notes.clone();
        let ended = Arc::new(Mutex::new(HashSet::new()));
        let ending = Arc::clone(&ended);
        let along: records::Along = Arc::new(move |conn, _| {
            shared.lease.guard().check(conn)?;
            // Of this attempt.
            let mut ended = HashSet::new();
            for note in &notes {
                if note.write(conn, &shared)? {
                    ended.insert(note.did().clone());
                }
            }
            *ending.lock().unwrap_or_else(PoisonError::into_inner) = ended;
            Ok(())
        });
        let done = self.shared.records.reconcile(parts, self.shared.forces(), along).await?;
        faults::crash_point!("backfill.part-kept");
        for done in done {
            let outcomes = [
                ("created", done.created),
                ("updated", done.updated),
                ("unchanged", done.unchanged),
                ("removed", done.removed),
                ("stale", done.stale),
            ];
            for (outcome, number) in outcomes {
                metrics::counter!("backfill_records_total", "outcome" => outcome).increment(number);
            }
        }
        let ended = std::mem::take(&mut *ended.lock().unwrap_or_else(PoisonError::into_inner));
        for note in told {
            self.shared.count(|counters| match &note {
                Note::Advance { records, .. } => counters.records += records,
                Note::End { did, .. } if !ended.contains(did) => {}
                Note::End { end, .. } => match end.state {
                    RepoState::Failed | RepoState::Quarantined => counters.failed += 1,
                    _ => counters.processed += 1,
                },
            });
        }
        Ok(ended)
    }
}

impl Message {
    fn records(&self) -> usize {
        match self {
            Self::Part { part, .. } => part.records.len(),
            Self::End { .. } => 0,
        }
    }
}

impl Note {
    fn did(&self) -> &Did {
        match self {
            Self::Advance { did, .. } | Self::End { did, .. } => did,
        }
    }

    /// Whether it ends a repository that had not ended. Of one that had nothing new is said: it may have been given up.
    fn write(&self, conn: &mut store::Conn<'_>, shared: &Shared) -> Result<bool, store::Error> {
        let job = &shared.job.id;
        match self {
            Self::Advance { did, position, records } => {
                progress::advance(conn, job, did, position, *records).map(|()| false)
            }
            Self::End { did, end } => {
                let ends = progress::end(conn, job, did, end.state, end.error.as_deref())?;
                if ends {
                    settle(conn, did, &shared.collections, end, shared.scale)?;
                }
                Ok(ends)
            }
        }
    }
}
