//! Carrying a decision out in the index.

use std::sync::Arc;

use atproto::{RecordName, Tid};
use store::Conn;

use super::kept::{self, Kept, What};
use super::marker;
use super::standing::standing;
use crate::event::RecordEvent;
use crate::write::apply::{Applied, apply_records, lock};
use crate::write::log::Log;
use crate::write::plan::Equal;
use crate::write::{ids, made_at};
use crate::{Error, Projection, RecordAction, Records, now_micros};

impl Records {
    /// Makes the index obey a decision that is kept, and whatever was decided about the record meanwhile; whether that
    /// changed anything.
    pub(super) async fn carry_out(&self, mut kept: Kept) -> Result<bool, Error> {
        let mut has_changed = false;
        loop {
            let (name, decided_at) = (kept.name.clone(), kept.decided_at);
            faults::crash_point!("decision.before-index");
            has_changed |= self.obey(vec![kept]).await?;
            faults::crash_point!("decision.after-index");
            let asked = name.clone();
            let now = self.state.read(move |conn| kept::find(conn, &asked)).await?;
            let now = now.unwrap_or_else(|| Kept::nothing(name));
            if now.decided_at == decided_at {
                return Ok(has_changed);
            }
            kept = now;
        }
    }

    /// Makes the index obey decisions, in one transaction.
    pub(super) async fn obey(&self, decisions: Vec<Kept>) -> Result<bool, Error> {
        let projections = Arc::clone(&self.projections);
        let applied = self.index.write(move |conn| {
            lock(conn)?;
            let mut log = Log::open(conn)?;
            let mut applied = Applied::default();
            for kept in &decisions {
                Carrying { kept, projections: &projections, log: &mut log, applied: &mut applied }
                    .out(conn)?;
            }
            applied.last_seq = log.last();
            Ok::<_, Error>(applied)
        });
        let applied = applied.await?;
        self.announce(applied.last_seq);
        Ok(applied.changes > 0)
    }
}

/// A decision while it is carried out.
struct Carrying<'c> {
    kept: &'c Kept,
    projections: &'c [Arc<dyn Projection>],
    log: &'c mut Log,
    applied: &'c mut Applied,
}

impl Carrying<'_> {
    fn out(&mut self, conn: &mut Conn<'_>) -> Result<(), Error> {
        match &self.kept.what {
            // The version cannot come back, a newer one can.
            What::Deleted => {
                let cid = self.kept.version.cid;
                self.write(conn, self.kept.version.rev, RecordAction::Withhold { cid }, Equal::Stale)
            }
            What::Withdrawn => match standing(conn, &self.kept.name)? {
                Some(row) if row.is_local => {
                    // As with a deletion, what has been saved since stays.
                    let rev =
                        if self.kept.is_nothing() { row.version.rev + 1 } else { self.kept.version.rev };
                    self.write(conn, rev, RecordAction::Delete, Equal::Stale)
                }
                _ => Ok(()),
            },
            What::Saved(json) => self.save(conn, json),
        }
    }

    fn save(&mut self, conn: &mut Conn<'_>, json: &str) -> Result<(), Error> {
        let Kept { name: (did, collection, rkey), version, decided_at, .. } = self.kept;
        let place = (ids::collection(conn, collection.as_str())?, ids::repo(conn, did.as_str())?.id);
        let key = (place.0, place.1, rkey.as_str());
        if marker::decision(conn, key)? == Some(*decided_at) {
            return Ok(());
        }
        let row = standing(conn, &self.kept.name)?;
        let here = row.as_ref().map(|row| &row.version);
        let is_over = row.as_ref().is_some_and(|row| !row.is_local && !version.still_stands(&row.version));
        if is_over {
            return Ok(marker::set(conn, key, version, *decided_at, true)?);
        }
        // What is here may be the version as it was fetched, at the revision at which its repository was read.
        let rev = here.map_or(version.rev, |here| here.rev.max(version.rev));
        let of_deleted = self.applied.of_deleted;
        self.write(conn, rev, RecordAction::put(json.as_bytes(), None)?, Equal::Newer)?;
        let is_gone = self.applied.of_deleted > of_deleted;
        Ok(marker::set(conn, key, version, *decided_at, is_gone)?)
    }

    fn write(
        &mut self,
        conn: &mut Conn<'_>,
        rev: i64,
        action: RecordAction,
        equal: Equal,
    ) -> Result<(), Error> {
        let Some(event) = event(self.kept, rev, action) else { return Ok(()) };
        apply_records(conn, &[&event], equal, self.projections, self.log, self.applied)
    }
}

/// `None` if the number is no revision, which no row's is.
fn event(kept: &Kept, rev: i64, action: RecordAction) -> Option<RecordEvent> {
    let (did, collection, rkey): RecordName = kept.name.clone();
    // So that a rebuilt index has the same.
    let made_at = made_at(&rkey, kept.decided_at).or(Some(kept.decided_at));
    let rev = Tid::from_i64(rev)?;
    Some(RecordEvent { did, collection, rkey, rev, seen_at: now_micros(), made_at, action })
}
