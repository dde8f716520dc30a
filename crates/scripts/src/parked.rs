//! Events whose script failed: tried again, outside the way of all others.

use std::sync::Arc;
use std::time::Duration;

use clock::{micros, now_micros};
use events::{Event, kinds};
use labels::{LabelDecision, Labels};
use lua::{Limits, ScriptError};
use records::{Decision, Lease, Records};
use serde_json::json;
use store::{Conn, Role, v};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::foregone::Foregone;
use crate::label_hook::judge;
use crate::record_hook::decision;
use crate::{Error, Input, LabelInput, Library, RecordInput, Trigger, dead_letters};

/// Tries of an event, the one when it came included (spec/appview.md §5.4).
const TRIES: i64 = 4;

/// Before the second try; doubled with each further one.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// Between two looks at what is due.
const PERIOD: Duration = Duration::from_millis(250);

/// Tried in one go.
const AT_ONCE: u32 = 100;

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
        (self.limits)()
    }

    /// Writes failures down before their events are stored. An event that is offered again is written down once.
    pub(crate) async fn park(&self, failed: Vec<(Trigger, Input, Fault)>) -> Result<(), store::Error> {
        if failed.is_empty() || faults::mutant!("scripts-failed-event-forgotten") {
            return Ok(());
        }
        let mut dead = Vec::new();
        let rows: Vec<(String, Row, String, bool)> = failed
            .into_iter()
            .map(|(trigger, input, Fault { kind, error, is_final })| {
                let trigger = trigger.to_string();
                metrics::counter!("script_failures_total", "kind" => kind).increment(1);
                if is_final {
                    dead.push((trigger.clone(), input.uri(), error.clone()));
                }
                let row = Row { payload: input.payload(&trigger), script_ref: trigger, attempts: 1 };
                (input.event_id().to_owned(), row, error, is_final)
            })
            .collect();
        let write = move |conn: &mut Conn<'_>| {
            rows.iter().try_for_each(|(event_id, row, error, is_final)| match is_final {
                true => dead_letters::insert(conn, event_id, &row.script_ref, &row.payload, error, 1),
                false => insert(conn, event_id, row, error),
            })
        };
        self.library.scripts().state.write(write).await?;
        for (trigger, uri, error) in dead {
            self.tell(&trigger, &uri, &error);
        }
        Ok(())
    }

    /// Tries what is due until cancelled.
    pub async fn run(self, stop: CancellationToken) {
        let mut failing = false;
        while !stop.is_cancelled() {
            match self.round(&stop).await {
                Ok(()) => failing = false,
                Err(error) if !failing => {
                    failing = true;
                    warn!(%error, "failed scripts cannot be tried again; will go on trying");
                }
                Err(_) => {}
            }
            stop.run_until_cancelled(tokio::time::sleep(PERIOD)).await;
        }
    }

    async fn round(&self, stop: &CancellationToken) -> Result<(), Error> {
        // Mostly there is nothing, and a lease is a write.
        if self.due().await?.is_empty() {
            return Ok(());
        }
        let Some(lease) = Lease::acquire(&self.records, LEASE, &self.instance, Role::Backfill).await? else {
            return Ok(());
        };
        let done = self.all(stop).await;
        lease.release().await;
        done
    }

    async fn all(&self, stop: &CancellationToken) -> Result<(), Error> {
        for (event_id, row) in self.due().await? {
            if stop.is_cancelled() {
                return Ok(());
            }
            self.one(event_id, row).await?;
        }
        Ok(())
    }

    async fn due(&self) -> Result<Vec<(String, Row)>, Error> {
        const SQL: &str = "
            SELECT event_id, script_ref, payload, attempts FROM appview_parked_events
            WHERE next_at <= $1 ORDER BY next_at LIMIT $2";
        let read = |conn: &mut Conn<'_>| {
            conn.query(SQL, &[v(now_micros()), v(AT_ONCE)], |row| {
                let event_id = row.string(0)?;
                let row = Row { script_ref: row.string(1)?, payload: row.string(2)?, attempts: row.int(3)? };
                Ok::<_, store::Error>((event_id, row))
            })
        };
        Ok(self.library.scripts().state.read(read).await?)
    }

    async fn one(&self, event_id: String, row: Row) -> Result<(), Error> {
        let Row { script_ref, payload, attempts } = row;
        let tried = self.try_again(&script_ref, &payload, attempts + 1).await?;
        let (attempts, state) = (attempts + 1, &self.library.scripts().state);
        match tried {
            Tried::Failed { error, is_final } if is_final || attempts >= TRIES => {
                let input = script_ref.parse().ok().and_then(|trigger| Input::read(&trigger, &payload));
                let uri = input.map(|input| input.uri());
                let (trigger, text) = (script_ref.clone(), error.clone());
                let give_up = state.write(move |conn| {
                    dead_letters::insert(conn, &event_id, &script_ref, &payload, &error, attempts)?;
                    remove(conn, &event_id)
                });
                give_up.await?;
                self.tell(&trigger, &uri.unwrap_or_default(), &text);
            }
            Tried::Failed { error, .. } => {
                state.write(move |conn| postpone(conn, &event_id, &error, attempts)).await?;
            }
            Tried::Done | Tried::NoScript => state.write(move |conn| remove(conn, &event_id)).await?,
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

    fn tell(&self, trigger: &str, uri: &str, error: &str) {
        let detail = json!({ "uri": uri, "error": error });
        self.library
            .scripts()
            .events
            .record(Event::new(kinds::SCRIPT_DEAD_LETTERED).subject(trigger).detail(detail));
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
