//! Fetching one repository.

use std::collections::BTreeMap;

use atproto::{Did, Nsid, Tid};
use clock::now_micros;
use records::coverage::Tears;
use records::{Coverage, CoverageState, RepoStatus};
use remote::{Gone, Home, Kind, Mode, Part, Position, Reading, Remote, RemoteError};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::Shared;
use super::writer::Message;
use crate::progress::{RepoState, Todo};
use crate::schedule::Ended;

/// Where the parts of a repository go, in their order.
pub(crate) trait Parts {
    /// Takes one; false if nobody wants any more.
    fn take(&mut self, part: Part, position: Position) -> impl Future<Output = bool> + Send;
}

/// How reading a repository came to its end.
#[derive(Clone, Debug)]
pub(crate) struct End {
    pub(crate) state: RepoState,
    /// Why, unless everything is here.
    pub(crate) error: Option<String>,
    /// What is to be known of its collections.
    pub(crate) history: History,
    /// What its host says of the account, and when it was asked.
    pub(crate) status: Option<(RepoStatus, i64)>,
}

/// How much of a repository is here after it was read.
#[derive(Clone, Debug)]
pub(crate) enum History {
    /// As the state says.
    Missing,
    /// All that was asked for.
    Whole(Vec<Coverage>),
    /// As much as before: its host was asked then, and it has been at this revision for long.
    Unchanged { rev: Tid, asked_at: i64 },
}

/// What is read of a repository.
pub(crate) struct Reach<'r> {
    pub(crate) collections: &'r [Nsid],
    pub(crate) from: Option<Position>,
    pub(crate) mode: Mode,
    pub(crate) verified: bool,
    /// When somebody began with it if this goes on from somewhere; microseconds.
    pub(crate) began_at: i64,
    /// What is known to be missing of it.
    pub(crate) tears: Tears,
}

/// Reads a repository to its end. An error is one that another try may mend.
pub(crate) async fn fetch(
    remote: &Remote,
    home: &Home,
    reach: Reach<'_>,
    parts: &mut impl Parts,
) -> Result<Option<End>, RemoteError> {
    let asked_at = now_micros();
    let mut seen: BTreeMap<Nsid, Seen> = BTreeMap::new();
    let resumed = reach.from.is_some();
    let reading = Reading {
        collections: reach.collections.to_vec(),
        from: reach.from,
        mode: reach.mode,
        verified: reach.verified,
    };
    let mut reader = remote.read(home, reading);
    loop {
        match reader.next().await {
            Ok(Some((part, position))) => {
                seen.entry(part.collection.clone()).or_insert_with(|| Seen::of(&part)).add(&part);
                if !parts.take(part, position).await {
                    return Ok(None);
                }
            }
            Ok(None) => break,
            Err(error) => return outcome(&home.did, error, asked_at).map(Some),
        }
    }
    // Parts have what was written before their revision was asked for, at the beginning. What was torn after that is not mended,
    // however late its part was read: of two versions the index keeps the one that says it is newer. Of what was read before this
    // nobody knows any more what was torn by then.
    let (since, tears) = if resumed { (reach.began_at, Tears::new()) } else { (asked_at, reach.tears) };
    let mended = |collection: &Nsid| match tears.get(collection) {
        _ if faults::mutant!("backfill-vouches-too-late") => i64::MAX,
        tears => tears.copied().unwrap_or_default(),
    };
    let whole = |collection: &Nsid| {
        let seen = seen.get(collection);
        Coverage {
            rev: seen.map(|seen| seen.rev),
            proven: seen.is_some_and(|seen| seen.proven),
            mended: mended(collection),
            ..Coverage::new(&home.did, collection, CoverageState::Complete, since)
        }
    };
    let history = History::Whole(reach.collections.iter().map(whole).collect());
    Ok(Some(End { state: RepoState::Fetched, error: None, history, status: None }))
}

/// What an error means for the repository; the error itself if another try may mend it.
pub(crate) fn outcome(did: &Did, error: RemoteError, asked_at: i64) -> Result<End, RemoteError> {
    let text = error.to_string();
    let (state, status) = match error.kind() {
        Kind::Unavailable | Kind::RateLimited { .. } => return Err(error),
        Kind::Gone(gone) => (RepoState::Gone, Some((status_of(gone), asked_at))),
        Kind::Unresolvable => (RepoState::Gone, None),
        Kind::Untrusted(_) if faults::mutant!("backfill-unproven-called-fetched") => {
            (RepoState::Fetched, None)
        }
        Kind::Untrusted(_) => (RepoState::Quarantined, None),
        Kind::TooLarge | Kind::Malformed => (RepoState::Failed, None),
    };
    tracing::debug!(%did, reason = error.reason(), "a repository is not fetched");
    Ok(End { state, error: Some(text), history: History::Missing, status })
}

fn status_of(gone: Gone) -> RepoStatus {
    match gone {
        Gone::NotFound => RepoStatus::Deleted,
        Gone::Deactivated => RepoStatus::Deactivated,
        Gone::Takendown => RepoStatus::Takendown,
        Gone::Suspended => RepoStatus::Suspended,
    }
}

/// What the parts of a collection have in common.
struct Seen {
    rev: Tid,
    proven: bool,
}

impl Seen {
    fn of(part: &Part) -> Self {
        Self { rev: part.rev, proven: part.proven }
    }

    fn add(&mut self, part: &Part) {
        self.rev = self.rev.min(part.rev);
        self.proven &= part.proven;
    }
}

/// How a turn of a repository of a job ended.
pub(super) struct TurnEnd {
    pub(super) ended: Ended,
    /// Where the next turn begins, if this one got anywhere.
    pub(super) position: Option<String>,
    /// Why it ended, if not well.
    pub(super) error: Option<String>,
}

impl TurnEnd {
    /// Of a turn that nothing is known of.
    pub(super) fn lost() -> Self {
        Self { ended: Ended::Elsewhere, position: None, error: Some("it could not be read".to_owned()) }
    }
}

/// One turn of a repository of a job: until it is done, fails, or everything is to stop.
pub(super) async fn take_turn(
    shared: &Shared,
    host: &str,
    todo: &Todo,
    parts: &mpsc::Sender<Message>,
    stop: &CancellationToken,
) -> TurnEnd {
    let did = todo.did.clone();
    let from = todo.position.as_deref().and_then(|position| position.parse().ok());
    let mut sink = Sink { shared, host, did: &did, parts, last: None, fetched: 0 };
    let read = tokio::select! {
        () = stop.cancelled() => Ok(None),
        read = read(shared, &did, from, &mut sink) => read,
    };
    let (position, fetched) = (sink.last, sink.fetched);
    let done = |position| TurnEnd { ended: Ended::Done, position, error: None };
    match read {
        Ok(Some(end)) => {
            let (ack, acked) = oneshot::channel();
            let message = Message::End { did, host: host.to_owned(), fetched, end: Box::new(end), ack };
            // Whoever does not answer has stopped, and so does the job.
            if parts.send(message).await.is_ok() {
                let _ = acked.await;
            }
            done(position)
        }
        Ok(None) => done(position),
        Err(failure) => TurnEnd { ended: failure.ended(), position, error: Some(failure.error.to_string()) },
    }
}

/// An error that another try may mend.
struct Failure {
    error: RemoteError,
    /// Whether it is the host that failed, and not the directory of DIDs.
    of_host: bool,
}

impl Failure {
    fn ended(&self) -> Ended {
        // Also of a host that is being left alone because it failed before: nothing was asked.
        let pause = self.error.retry_after();
        match pause {
            _ if !self.of_host => Ended::Elsewhere,
            Some(pause) => Ended::Later(pause),
            None => Ended::Failed,
        }
    }
}

async fn read(
    shared: &Shared,
    did: &Did,
    from: Option<Position>,
    sink: &mut Sink<'_>,
) -> Result<Option<End>, Failure> {
    let home = shared.remote.locate(did).await.map_err(|error| Failure { error, of_host: false })?;
    let of_host = |error| Failure { error, of_host: true };
    // Who knows of none mends none.
    let tears = shared.records.tears(did).await.unwrap_or_default();
    if let Some(since) = shared.unchanged_since {
        let asked_at = now_micros();
        match shared.remote.latest(&home).await {
            Ok((rev, _)) if rev.timestamp_micros() < since => {
                let status = Some((RepoStatus::Active, asked_at));
                let history = History::Unchanged { rev, asked_at };
                return Ok(Some(End { state: RepoState::Fetched, error: None, history, status }));
            }
            Ok(_) => {}
            Err(error) => return outcome(did, error, asked_at).map(Some).map_err(of_host),
        }
    }
    let reach = Reach {
        collections: &shared.collections,
        from,
        mode: shared.job.mode,
        verified: shared.job.verified,
        began_at: shared.began_at(),
        tears,
    };
    fetch(&shared.remote, &home, reach, sink).await.map_err(of_host)
}

/// The way to the job's writer.
struct Sink<'s> {
    shared: &'s Shared,
    host: &'s str,
    did: &'s Did,
    parts: &'s mpsc::Sender<Message>,
    last: Option<String>,
    /// Records that it was given in this turn.
    fetched: i64,
}

impl Parts for Sink<'_> {
    async fn take(&mut self, part: Part, position: Position) -> bool {
        self.shared.progress_of(self.host);
        let position = position.to_string();
        self.last = Some(position.clone());
        self.fetched += i64::try_from(part.records.len()).unwrap_or_default();
        let message = Message::Part { did: self.did.clone(), part: Box::new(part), position };
        self.parts.send(message).await.is_ok()
    }
}
