//! Committing what the consumer reads.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use faults::{crash_point, mutant};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::IngestParts;
use super::advance::Advance;
use super::consumer::Chunk;
use super::gathered::Gathered;
use super::meters::{dropped, waiting};
use super::report::Report;
use super::state::{IngestState, Status};
use crate::event::Event;
use crate::lease::{Lease, RENEW};
use crate::write::{Applied, Batch, apply};
use crate::{Decision, Error, RecordAction, RecordEvent, now_micros};

/// Events per transaction at most: enough to share a commit, few enough that requests do not wait long for the writer.
const BATCH: usize = 2_000;

/// Between two attempts while the database does not take writes.
const STALL: Duration = Duration::from_secs(1);

/// Events that hooks decide about in one go, and how long they may go on before what they have decided is committed: a script that
/// waits for somebody else keeps neither readers from what it is done with nor the cursor from moving.
const SLICE: usize = 128;
const DECIDING: Duration = Duration::from_secs(2);

pub(super) struct Applier<'l> {
    parts: Arc<IngestParts>,
    status: Status,
    lease: &'l Lease,
}

impl<'l> Applier<'l> {
    pub(super) fn new(parts: Arc<IngestParts>, status: Status, lease: &'l Lease) -> Self {
        Self { parts, status, lease }
    }

    /// Until the consumer ends, the token is cancelled or the lease is lost.
    pub(super) async fn run(
        &self,
        mut queue: mpsc::Receiver<Chunk>,
        shutdown: &CancellationToken,
    ) -> Result<(), Error> {
        loop {
            let first = tokio::select! {
                biased;
                () = shutdown.cancelled() => return Ok(()),
                chunk = queue.recv() => chunk,
                () = tokio::time::sleep(RENEW) => {
                    self.lease.renew_if_possible().await?;
                    continue;
                }
            };
            let Some(first) = first else { return Ok(()) };
            let mut chunks = vec![first];
            let mut events = chunks[0].events.len();
            while events < BATCH
                && let Ok(chunk) = queue.try_recv()
            {
                events += chunk.events.len();
                chunks.push(chunk);
            }
            waiting(queue.len());
            self.commit(chunks, shutdown).await?;
        }
    }

    /// Has what was read decided about and written, in one go if nobody has to be asked.
    async fn commit(&self, chunks: Vec<Chunk>, shutdown: &CancellationToken) -> Result<(), Error> {
        let mut gathered = Gathered::new(chunks);
        if !gathered.events().any(|event| self.is_asked_about(event)) {
            let events = self.wanted(gathered.take_rest());
            let advance = gathered.passed(self.lease.guard());
            return self.write(events, advance, shutdown).await.map(drop);
        }
        while !gathered.is_empty() {
            let (began, mut decided, mut names) = (Instant::now(), Vec::new(), HashSet::new());
            while began.elapsed() < DECIDING {
                // What was decided about a record is found by the next event of it when it is written.
                let slice = gathered.take(SLICE, &mut names);
                if slice.is_empty() {
                    break;
                }
                let deciding = self.lease.keep_during(self.decide(slice, shutdown));
                let slice = tokio::select! {
                    biased;
                    () = shutdown.cancelled() => return Ok(()),
                    slice = deciding => slice??,
                };
                let Some(slice) = slice else { return Ok(()) };
                decided.extend(slice);
            }
            let advance = gathered.passed(self.lease.guard());
            if !self.write(decided, advance, shutdown).await? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Writes events and how far they bring the cursor; `false` if the server stops meanwhile.
    async fn write(
        &self,
        events: Vec<Event>,
        advance: Option<Advance>,
        shutdown: &CancellationToken,
    ) -> Result<bool, Error> {
        if !self.ease(&events, shutdown).await? {
            return Ok(false);
        }
        let reached = advance.as_ref().map(|advance| advance.position);
        crash_point!("ingest.decided");
        // A batch the database refuses for good is halved until the event that is to blame stands alone.
        let mut parts = vec![Batch {
            events,
            guard: Some(self.lease.guard()),
            advance,
            projections: Arc::clone(&self.parts.records.projections),
        }];
        while let Some(batch) = parts.pop() {
            let batch = Arc::new(batch);
            match self.patiently(shutdown, || self.apply(&batch)).await {
                Ok(Some(applied)) => self.committed(&applied, &batch).await,
                Ok(None) => return Ok(false),
                Err(error @ Error::LeaseLost { .. }) => return Err(error),
                Err(error) => {
                    if let [Event::Record(event)] = batch.events.as_slice() {
                        Report::on(&self.parts.events, event).refused(&error);
                    }
                    parts.extend(halves(&batch, &error)?);
                }
            }
        }
        if let Some(position) = reached {
            if position.at_event {
                self.status.committed(position.time_us);
            }
            #[expect(clippy::cast_precision_loss, reason = "a gauge of seconds")]
            metrics::gauge!("ingest_lag_seconds").set((now_micros() - position.time_us) as f64 / 1e6);
        }
        Ok(true)
    }

    /// Does beforehand what accounts that leave or come back with many records would hold up everybody else with; `false` if the
    /// server stops meanwhile.
    async fn ease(&self, events: &[Event], shutdown: &CancellationToken) -> Result<bool, Error> {
        // Of each account the last word.
        let mut accounts = BTreeMap::new();
        for event in events {
            if let Event::Account { did, status, .. } = event {
                accounts.insert(did, *status);
            }
        }
        let (records, index) = (&self.parts.records, self.lease.database());
        for (did, status) in accounts {
            let ease = || records.ease(index, Some(self.lease.guard()), did, status);
            match self.patiently(shutdown, ease).await {
                Ok(Some(_)) => {}
                Ok(None) => return Ok(false),
                Err(error @ Error::LeaseLost { .. }) => return Err(error),
                // The transaction of the event does all of it, or is refused for the same reason.
                Err(error) => {
                    tracing::warn!(%error, %did, "an account's records cannot be dealt with beforehand");
                }
            }
        }
        Ok(true)
    }

    /// Repeats `step` while it fails for a reason that passes. `None` if the server stops meanwhile: the cursor has
    /// not moved, so nothing is lost.
    async fn patiently<T, F>(
        &self,
        shutdown: &CancellationToken,
        step: impl Fn() -> F,
    ) -> Result<Option<T>, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        loop {
            match step().await {
                Err(error) if error.is_transient() => {
                    metrics::counter!("ingest_stalls_total").increment(1);
                    self.status.set(IngestState::Stalled { reason: error.to_string() });
                    tokio::select! {
                        () = shutdown.cancelled() => return Ok(None),
                        () = tokio::time::sleep(STALL) => {}
                    }
                }
                other => {
                    if self.status.is_stalled() {
                        self.status.set(IngestState::Live);
                    }
                    return other.map(Some);
                }
            }
        }
    }

    async fn apply(&self, batch: &Arc<Batch>) -> Result<Applied, Error> {
        let (index, batch) = (self.lease.database(), Arc::clone(batch));
        if mutant!("records-cursor-before-commit")
            && let Some(advance) = batch.advance.clone()
        {
            index.write(move |conn| crate::ingest::advance(conn, &advance)).await?;
        }
        let step = move |conn: &mut store::Conn<'_>| {
            let applied = apply(conn, &batch)?;
            crash_point!("ingest.before-commit");
            Ok(applied)
        };
        index.write(step).await
    }

    async fn committed(&self, applied: &Applied, batch: &Batch) {
        crash_point!("ingest.after-commit");
        metrics::counter!("ingest_changes_total").increment(applied.changes);
        metrics::counter!("ingest_dropped_total", "reason" => "stale").increment(applied.stale);
        metrics::counter!("ingest_dropped_total", "reason" => "account_deleted")
            .increment(applied.of_deleted);
        for event in &batch.events {
            if let Event::Identity { did } | Event::Account { did, .. } = event {
                self.parts.resolver.invalidate(did).await;
            }
        }
        self.parts.records.announce(applied.last_seq);
    }

    /// Asks the hooks, and leaves out what is only watched. `None` if the server stops meanwhile.
    async fn decide(
        &self,
        events: Vec<Event>,
        shutdown: &CancellationToken,
    ) -> Result<Option<Vec<Event>>, Error> {
        let interest = self.parts.wanted.current();
        // With each whether its fate is sealed.
        let mut events: Vec<(Event, bool)> = events.into_iter().map(|event| (event, false)).collect();
        for hook in &self.parts.hooks {
            let wants = |(event, is_settled): &(Event, bool)| {
                !is_settled && record(event).is_some_and(|event| hook.wants(&event.collection))
            };
            let shown: Vec<RecordEvent> = events
                .iter()
                .filter(|event| wants(event))
                .filter_map(|(event, _)| record(event))
                .cloned()
                .collect();
            if shown.is_empty() {
                continue;
            }
            let ask = || async { hook.decide(&shown).await.map_err(Error::from) };
            let Some(decisions) = self.patiently(shutdown, ask).await? else { return Ok(None) };
            let mut decisions = decisions.into_iter();
            events = events
                .into_iter()
                .filter_map(|event| match event {
                    (Event::Record(event), false) if hook.wants(&event.collection) => {
                        let decision = decisions.next().unwrap_or(Decision::Keep);
                        let is_settled = decision == Decision::Refuse;
                        if decision == Decision::Skip && interest.index.contains(&event.collection) {
                            Report::on(&self.parts.events, &event).vetoed();
                        }
                        decided(event, decision).map(|event| (Event::Record(event), is_settled))
                    }
                    other => Some(other),
                })
                .collect();
        }
        Ok(Some(self.wanted(events.into_iter().map(|(event, _)| event).collect())))
    }

    /// Whether any hook is to be shown the event.
    fn is_asked_about(&self, event: &Event) -> bool {
        record(event).is_some_and(|event| self.parts.hooks.iter().any(|hook| hook.wants(&event.collection)))
    }

    /// Without what is only watched.
    fn wanted(&self, mut events: Vec<Event>) -> Vec<Event> {
        let interest = self.parts.wanted.current();
        events.retain(|event| record(event).is_none_or(|event| interest.index.contains(&event.collection)));
        events
    }
}

fn record(event: &Event) -> Option<&RecordEvent> {
    match event {
        Event::Record(event) => Some(event),
        Event::Account { .. } | Event::Identity { .. } => None,
    }
}

/// The event a decision leaves.
fn decided(event: RecordEvent, decision: Decision) -> Option<RecordEvent> {
    match (decision, &event.action) {
        (Decision::Keep, _)
        | (Decision::Replace(_) | Decision::Refuse, RecordAction::Delete)
        // Never comes from a stream.
        | (_, RecordAction::Withhold { .. }) => Some(event),
        (Decision::Replace(json), RecordAction::Put { cid, .. }) => {
            match RecordAction::put(json.as_bytes(), None) {
                Ok(RecordAction::Put { json, refs, .. }) => {
                    Some(RecordEvent { action: RecordAction::Put { json, cid: *cid, refs }, ..event })
                }
                _ => {
                    // Fails open, as a script that fails does.
                    dropped("bad_replacement");
                    Some(event)
                }
            }
        }
        // What is skipped is not in the index, nor is what it replaces.
        (Decision::Skip | Decision::Refuse, RecordAction::Put { .. }) => {
            Some(RecordEvent { action: RecordAction::Delete, ..event })
        }
        (Decision::Skip, RecordAction::Delete) => None,
    }
}

/// A refused batch in two, to be applied first half first; an event that stands alone is dropped. Without any events
/// the error is about the cursor itself and nothing can be done here.
fn halves(batch: &Batch, error: &Error) -> Result<Vec<Batch>, Error> {
    let part = |events: &[Event], advance| Batch {
        events: events.to_vec(),
        guard: batch.guard.clone(),
        advance,
        projections: Arc::clone(&batch.projections),
    };
    match batch.events.as_slice() {
        [] => Err(Error::Refused(error.to_string())),
        [event] => {
            dropped("refused_by_database");
            tracing::error!(%error, ?event, "the database refuses an event; it is left out");
            Ok(vec![part(&[], batch.advance.clone())])
        }
        events => {
            let (first, second) = events.split_at(events.len() / 2);
            // Taken from the end.
            Ok(vec![part(second, batch.advance.clone()), part(first, None)])
        }
    }
}
