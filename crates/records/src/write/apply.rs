//! One transaction: all effects of a batch, and the cursor that covers them.

use std::sync::Arc;

use store::{Conn, Engine};

use super::plan::{Equal, Plan};
use super::{Batch, account, effects, ids, log, lookup, plan, rows};
use crate::event::{Event, RecordEvent};
use crate::{Error, Projection, ingest};

/// Names the lock that PostgreSQL writers of the index take, so that log numbers and row ids follow commit order. On
/// SQLite there is only ever one writer.
const WRITE_LOCK: i64 = 0x69_6e_64_78;

/// What a transaction did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Applied {
    /// Changes written to the log.
    pub(crate) changes: u64,
    /// Events that told nothing new: repeated, or older than what is here.
    pub(crate) stale: u64,
    /// Records of deleted accounts.
    pub(crate) of_deleted: u64,
    /// The log's last number.
    pub(crate) last_seq: i64,
}

impl Applied {
    pub(super) fn add(&mut self, other: &Plan<'_>) {
        self.changes += other.changes.len() as u64;
        self.stale += other.stale;
        self.of_deleted += other.of_deleted;
    }
}

/// Applies a batch inside the caller's transaction.
pub(crate) fn apply(conn: &mut Conn<'_>, batch: &Batch) -> Result<Applied, Error> {
    lock(conn)?;
    let mut log = log::Log::open(conn)?;
    let mut applied = Applied::default();
    // An account event changes what the records after it mean, so it ends a run of record events.
    let mut run: Vec<&RecordEvent> = Vec::new();
    for event in &batch.events {
        match event {
            Event::Record(event) => run.push(event),
            Event::Account { did, status, seen_at } => {
                apply_records(conn, &run, Equal::Stale, &batch.projections, &mut log, &mut applied)?;
                run.clear();
                account::apply(conn, did, *status, *seen_at, &batch.projections, &mut log)?;
            }
            Event::Identity { .. } => {}
        }
    }
    apply_records(conn, &run, Equal::Stale, &batch.projections, &mut log, &mut applied)?;
    match (&batch.advance, &batch.guard) {
        (Some(advance), _) => ingest::advance(conn, advance)?,
        (None, Some(guard)) => guard.check(conn)?,
        (None, None) => {}
    }
    applied.last_seq = log.last();
    Ok(applied)
}

/// Keeps other writers of the index out until the transaction ends: for whoever derives something from records and must
/// not miss what is being written meanwhile.
pub fn lock(conn: &mut Conn<'_>) -> Result<(), store::Error> {
    if conn.engine() == Engine::Postgres {
        conn.execute("SELECT pg_advisory_xact_lock($1)", &[store::v(WRITE_LOCK)])?;
    }
    Ok(())
}

/// Applies record events, in a transaction that has the write lock and the log.
pub(super) fn apply_records(
    conn: &mut Conn<'_>,
    events: &[&RecordEvent],
    equal: Equal,
    projections: &[Arc<dyn Projection>],
    log: &mut log::Log,
    applied: &mut Applied,
) -> Result<(), Error> {
    if events.is_empty() {
        return Ok(());
    }
    let located = ids::locate(conn, events)?;
    let existing = lookup::existing(conn, &located)?;
    let plan = plan::plan(&located, existing, rows::next_id(conn)?, equal);
    carry_out(conn, &plan, projections, log)?;
    applied.add(&plan);
    Ok(())
}

/// Writes a plan, what is derived from it and the log.
pub(super) fn carry_out(
    conn: &mut Conn<'_>,
    plan: &Plan<'_>,
    projections: &[Arc<dyn Projection>],
    log: &mut log::Log,
) -> Result<(), Error> {
    rows::write(conn, plan)?;
    effects::project(conn, plan, projections)?;
    log.append(conn, &plan.changes)?;
    Ok(())
}
