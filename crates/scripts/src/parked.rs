//! Events whose script failed: tried again, outside the way of all others.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clock::{micros, now_micros};
use events::{Event, kinds};
use futures::stream::{self, StreamExt};
use labels::{LabelDecision, Labels};
use lua::{Limits, ScriptError};
use records::{Decision, Lease, Records};
use serde_json::json;
use store::{Conn, Role, v};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::foregone::Foregone;
use crate::input::Host;
use crate::label_hook::judge;
use crate::record_hook::decision;
use crate::{DeadLetters, Error, Input, LabelInput, Library, RecordInput, Trigger, dead_letters};

/// Tries of an event, the one when it came included (spec/appview.md §5.4).
const TRIES: i64 = 4;

/// Before the second try; doubled with each further one.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// Between two looks at what is due.
const PERIOD: Duration = Duration::from_millis(250);

/// Taken up in one go; and of these tried at a time, and settled in one transaction.
const DUE: u32 = 500;
const AT_ONCE: usize = 3;
const SETTLED: usize = 100;

/// Events that may wait for another try. While a script fails for everything that comes, further ones are dead letters at once.
const MOST: i64 = 10_000;

/// For so long a script of records or labels may wait for others, beside the time that it may take itself: whatever comes after its event
/// waits for it.
const WAITING: Duration = Duration::from_secs(30);

/// Between two looks at dead letters that have been kept long enough, or are too many.
const MINUTE: Duration = Duration::from_mins(1);

/// Only one instance does this.
const LEASE: &str = "scripts/parked";

/// The events that wait for another try. Cheap to clone.
#[derive(Clone)]
pub struct Parked {
    pub(crate) library: Library,
    pub(crate) records: Records,
    labels: Labels,
    instance: String,
    limits: Arc<dyn Fn() -> Limits + Send + Sync>,
    /// What is decided about events that are stored anew.
    pub(crate) foregone: Foregone,
}

/// What became of a try.
pub(crate) enum Tried {
    /// The script decided, and that is carried out.
    Done,
    /// It failed again.
    Failed { error: String, is_final: bool },
    /// There is no script for it any more.
    NoScript,
}

/// Why a try failed.
pub(crate) struct Fault {
    /// A short name for metrics.
    kind: &'static str,
    error: String,
    /// Trying again would not help.
    is_final: bool,
}

struct Row {
    script_ref: String,
    payload: String,
    attempts: i64,
}

/// An event that was tried once more.
struct Settled {
    event_id: String,
    row: Row,
    tried: Tried,
}

/// What is told of an event that is given up.
struct Dead {
    trigger: String,
    uri: String,
    error: String,
}

impl Parked {
    /// What waits in the database of `library`; what is decided late is carried out in `records` and `labels`.
    /// `instance` is the name of this process among others. Scripts run within `limits`, at the first try as at every other.
    #[must_use]
    pub fn new(
        library: Library,
        records: Records,
        labels: Labels,
        instance: impl Into<String>,
        limits: impl Fn() -> Limits + Send + Sync + 'static,
    ) -> Self {
        let (instance, limits, foregone) = (instance.into(), Arc::new(limits), Foregone::default());
        Self { library, records, labels, instance, limits, foregone }
    }

    /// What a script of records or labels may use up now.
    pub(crate) fn limits(&self) -> Limits {
        let limits = (self.limits)();
        Limits { total: Some(limits.time.unwrap_or_default() + WAITING), ..limits }
    }

    /// Writes failures down before their events are stored. An event that is offered again is written down once.
    pub(crate) async fn park(&self, failed: Vec<(Trigger, Input, Fault)>) -> Result<(), store::Error> {
        if failed.is_empty() || faults::mutant!("scripts-failed-event-forgotten") {
            return Ok(());
        }
        let rows: Vec<(String, String, Row, Fault)> = failed
            .into_iter()
            .map(|(trigger, input, fault)| {
                let trigger = trigger.to_string();
                metrics::counter!("script_failures_total", "kind" => fault.kind).increment(1);
                let row = Row { payload: input.payload(&trigger), script_ref: trigger, attempts: 1 };
                (input.event_id().to_owned(), input.uri(), row, fault)
            })
            .collect();
        let write = move |conn: &mut Conn<'_>| {
            let (mut dead, mut waiting) = (Vec::new(), waiting(conn)?);
            for (event_id, uri, row, Fault { error, is_final, .. }) in &rows {
                if !*is_final && (waiting < MOST || is_parked(conn, event_id)?) {
                    waiting += 1;
                    insert(conn, event_id, row, error)?;
                    continue;
                }
                dead_letters::insert(conn, event_id, &row.script_ref, &row.payload, error, row.attempts)?;
                let (trigger, uri, error) = (row.script_ref.clone(), uri.clone(), error.clone());
                dead.push(Dead { trigger, uri, error });
            }
            Ok::<_, store::Error>(dead)
        };
        let dead = self.library.scripts().state.write(write).await?;
        for dead in &dead {
            self.tell(dead);
        }
        Ok(())
    }

    /// Tries what is due until cancelled.
    pub async fn run(self, stop: CancellationToken) {
        let (mut failing, mut tidied) = (false, None::<Instant>);
        while !stop.is_cancelled() {
            let more = match self.round(&stop).await {
                Ok(more) => {
                    failing = false;
                    more
                }
                Err(error) => {
                    if !std::mem::replace(&mut failing, true) {
                        warn!(%error, "failed scripts cannot be tried again; will go on trying");
                    }
                    false
                }
            };
            if tidied.is_none_or(|last| last.elapsed() >= MINUTE) {
                tidied = Some(Instant::now());
                if let Err(error) = DeadLetters::new(&self.library.scripts().state).tidy(now_micros()).await {
                    warn!(%error, "dead letters that should be gone stay for another minute");
                }
            }
            if !more {
                stop.run_until_cancelled(tokio::time::sleep(PERIOD)).await;
            }
        }
    }

    /// Whether there may be more that is due.
    async fn round(&self, stop: &CancellationToken) -> Result<bool, Error> {
        // Mostly there is nothing, and a lease is a write.
        if self.due().await?.is_empty() {
            return Ok(false);
        }
        let Some(lease) = Lease::acquire(&self.records, LEASE, &self.instance, Role::Backfill).await? else {
            return Ok(false);
        };
        // What is not settled is tried again: nobody who stops waits for a script.
        let done = stop.run_until_cancelled(lease.keep_during(self.all())).await;
        lease.release().await;
        done.unwrap_or(Ok(Ok(false)))?
    }

    async fn all(&self) -> Result<bool, Error> {
        let due = self.due().await?;
        let is_full = due.len() >= DUE as usize;
        let due = due.into_iter().map(|(event_id, row)| self.one(event_id, row));
        let tries = stream::iter(due).buffer_unordered(AT_ONCE);
        let mut chunks = pin!(tries.ready_chunks(SETTLED));
        while let Some(chunk) = chunks.next().await {
            let (mut settled, mut failed) = (Vec::new(), None);
            for ended in chunk {
                match ended {
                    Ok(ended) => settled.push(ended),
                    Err(error) => failed = Some(error),
                }
            }
            self.settle(settled).await?;
            if let Some(error) = failed {
                return Err(error);
            }
        }
        Ok(is_full)
    }

    async fn due(&self) -> Result<Vec<(String, Row)>, Error> {
        const SQL: &str = "
            SELECT event_id, script_ref, payload, attempts FROM appview_parked_events
            WHERE next_at <= $1 ORDER BY next_at LIMIT $2";
        let read = |conn: &mut Conn<'_>| {
            conn.query(SQL, &[v(now_micros()), v(DUE)], |row| {
                let event_id = row.string(0)?;
                let row = Row { script_ref: row.string(1)?, payload: row.string(2)?, attempts: row.int(3)? };
                Ok::<_, store::Error>((event_id, row))
            })
        };
        Ok(self.library.scripts().state.read(read).await?)
    }

    async fn one(&self, event_id: String, mut row: Row) -> Result<Settled, Error> {
        row.attempts += 1;
        let tried = self.try_again(&row.script_ref, &row.payload, row.attempts).await?;
        Ok(Settled { event_id, row, tried })
    }

    /// Writes down what became of events.
    async fn settle(&self, settled: Vec<Settled>) -> Result<(), Error> {
        let write = move |conn: &mut Conn<'_>| {
            let mut dead = Vec::new();
            for Settled { event_id, row, tried } in &settled {
                match tried {
                    Tried::Failed { error, is_final } if *is_final || row.attempts >= TRIES => {
                        let Row { script_ref, payload, attempts } = row;
                        dead_letters::insert(conn, event_id, script_ref, payload, error, *attempts)?;
                        remove(conn, event_id)?;
                        dead.push(row.given_up(error));
                    }
                    Tried::Failed { error, .. } => postpone(conn, event_id, error, row.attempts)?,
                    Tried::Done | Tried::NoScript => remove(conn, event_id)?,
                }
            }
            Ok::<_, store::Error>(dead)
        };
        let dead = self.library.scripts().state.write(write).await?;
        for dead in &dead {
            self.tell(dead);
        }
        Ok(())
    }

    /// Runs the script of today with what was kept, and carries out what it decides.
    pub(crate) async fn try_again(
        &self,
        script_ref: &str,
        payload: &str,
        attempt: i64,
    ) -> Result<Tried, Error> {
        let Ok(trigger) = script_ref.parse::<Trigger>() else { return Ok(Tried::NoScript) };
        let (Some(input), Some(program)) = (Input::read(&trigger, payload), self.library.program(&trigger))
        else {
            return Ok(Tried::NoScript);
        };
        let attempt = u32::try_from(attempt).unwrap_or(u32::MAX);
        let run = input.run(script_ref, self.library.variables(), self.limits(), attempt);
        let outcome = match self.library.scripts().engine().run(&program, run).await {
            Ok(outcome) => outcome,
            Err(error) => return Ok(Fault::from(error).into()),
        };
        self.executed(script_ref, || input.host(), i64::from(attempt));
        match &input {
            Input::Record(input) => self.carry_out(input, decision(input.action, outcome)).await,
            Input::Label(input) => match judge(&input.label, &outcome) {
                Ok(judged) => self.carry_out_label(input, judged.decision).await,
                Err(fault) => Ok(fault.into()),
            },
        }
    }

    /// The event is stored as it came; what is decided now is about that version.
    pub(crate) async fn carry_out(&self, input: &RecordInput, decision: Decision) -> Result<Tried, Error> {
        // A deletion has been carried out: there is nothing left to decide about.
        if input.record.is_none() || input.action == crate::On::Delete {
            return Ok(Tried::Done);
        }
        let RecordInput { did, collection, rkey, cid, .. } = input;
        match self.records.redecide(did, collection, rkey, *cid, decision).await {
            Ok(_) => Ok(Tried::Done),
            Err(records::Error::Rejected(error)) => {
                let error = format!("what the script returned cannot be stored: {error}");
                Ok(Tried::Failed { error, is_final: true })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The same of a label.
    async fn carry_out_label(&self, input: &LabelInput, decision: LabelDecision) -> Result<Tried, Error> {
        self.labels.redecide(&input.label, decision).await?;
        Ok(Tried::Done)
    }

    /// Tells that a script decided about an event, at this try.
    pub(crate) fn executed(&self, script_ref: &str, host: impl FnOnce() -> Host, attempts: i64) {
        let events = &self.library.scripts().events;
        if events.is_verbose() {
            let Host { kind, id, .. } = host();
            let detail =
                json!({ "host_kind": kind, "host_id": id, "trigger": script_ref, "attempts": attempts });
            events.record(Event::new(kinds::SCRIPT_EXECUTED).subject(script_ref).detail(detail));
        }
    }

    fn tell(&self, Dead { trigger, uri, error }: &Dead) {
        let detail = json!({ "uri": uri, "error": error });
        self.library
            .scripts()
            .events
            .record(Event::new(kinds::SCRIPT_DEAD_LETTERED).subject(trigger).detail(detail));
    }
}

impl Row {
    fn given_up(&self, error: &str) -> Dead {
        let trigger = self.script_ref.parse().ok();
        let input = trigger.and_then(|trigger| Input::read(&trigger, &self.payload));
        let uri = input.map(|input| input.uri()).unwrap_or_default();
        Dead { trigger: self.script_ref.clone(), uri, error: error.to_owned() }
    }
}

impl Fault {
    /// What the script returned cannot be used, and would be the same again.
    pub(crate) fn of_result(error: &str) -> Self {
        Self { kind: "result", error: error.to_owned(), is_final: true }
    }
}

impl From<ScriptError> for Fault {
    fn from(error: ScriptError) -> Self {
        Self { kind: error.name(), error: error.to_string(), is_final: !error.is_transient() }
    }
}

impl From<Fault> for Tried {
    fn from(Fault { error, is_final, .. }: Fault) -> Self {
        Self::Failed { error, is_final }
    }
}

/// How many wait, as far as that matters.
fn waiting(conn: &mut Conn<'_>) -> Result<i64, store::Error> {
    const SQL: &str = "SELECT count(*) FROM (SELECT 1 FROM appview_parked_events LIMIT $1) AS waiting";
    conn.query_one(SQL, &[v(MOST)], |row| row.int(0))
}

fn is_parked(conn: &mut Conn<'_>, event_id: &str) -> Result<bool, store::Error> {
    const SQL: &str = "SELECT 1 FROM appview_parked_events WHERE event_id = $1";
    conn.query_opt(SQL, &[v(event_id)], |row| row.int(0)).map(|found| found.is_some())
}

fn insert(conn: &mut Conn<'_>, event_id: &str, row: &Row, error: &str) -> Result<(), store::Error> {
    const SQL: &str = "
        INSERT INTO appview_parked_events (event_id, script_ref, payload, error, attempts, next_at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (event_id) DO NOTHING";
    let next_at = now_micros() + micros(FIRST_WAIT);
    let values = [v(event_id), v(&row.script_ref), v(&row.payload), v(error), v(row.attempts), v(next_at)];
    conn.execute(SQL, &values).map(drop)
}

fn postpone(conn: &mut Conn<'_>, event_id: &str, error: &str, attempts: i64) -> Result<(), store::Error> {
    const SQL: &str =
        "UPDATE appview_parked_events SET error = $2, attempts = $3, next_at = $4 WHERE event_id = $1";
    let doublings = u32::try_from(attempts - 1).unwrap_or_default().min(10);
    let next_at = now_micros() + micros(FIRST_WAIT * 2_u32.pow(doublings));
    conn.execute(SQL, &[v(event_id), v(error), v(attempts), v(next_at)]).map(drop)
}

fn remove(conn: &mut Conn<'_>, event_id: &str) -> Result<(), store::Error> {
    conn.execute("DELETE FROM appview_parked_events WHERE event_id = $1", &[v(event_id)]).map(drop)
}
