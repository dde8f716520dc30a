//! Deciding again about a record that is here already.

use std::sync::Arc;

use atproto::{Cid, Did, Nsid, RecordKey, Tid};
use store::{Conn, v};

use super::apply::{Applied, apply_records, lock};
use super::log::Log;
use super::plan::Equal;
use crate::{Decision, Error, Projection, RecordAction, RecordEvent, Records, now_micros};

impl Records {
    /// Carries out what a hook has decided late about the version of a record with this CID; whether that is still the
    /// version that is here. One that came meanwhile has been decided about by itself.
    pub async fn redecide(
        &self,
        did: &Did,
        collection: &Nsid,
        rkey: &RecordKey,
        cid: Option<Cid>,
        decision: Decision,
    ) -> Result<bool, Error> {
        let action = match decision {
            Decision::Keep => return Ok(true),
            Decision::Skip | Decision::Refuse => RecordAction::Delete,
            Decision::Replace(json) => match RecordAction::put(json.as_bytes(), None)? {
                // It stays that of the author's record.
                RecordAction::Put { json, refs, .. } => RecordAction::Put { json, cid, refs },
                other => other,
            },
        };
        let (key, now) = ((did.clone(), collection.clone(), rkey.clone()), now_micros());
        let projections = self.projections.clone();
        let written = self.index.write(move |conn| {
            lock(conn)?;
            let Some(rev) = version(conn, &key, cid)? else { return Ok(None) };
            let (did, collection, rkey) = key.clone();
            let action = action.clone();
            let event = RecordEvent { did, collection, rkey, rev, seen_at: now, made_at: None, action };
            write(conn, &event, &projections).map(Some)
        });
        let Some(last_seq) = written.await? else { return Ok(false) };
        self.announce(last_seq);
        Ok(true)
    }
}

/// The revision of the row, if it has this CID.
fn version(
    conn: &mut Conn<'_>,
    key: &(Did, Nsid, RecordKey),
    cid: Option<Cid>,
) -> Result<Option<Tid>, Error> {
    let cid = cid.map(|cid| cid.to_string());
    Ok(here(conn, key)?.filter(|(_, here)| *here == cid).and_then(|(rev, _)| Tid::from_i64(rev)))
}

/// Revision and CID of the row.
pub(super) fn here(
    conn: &mut Conn<'_>,
    (did, collection, rkey): &(Did, Nsid, RecordKey),
) -> Result<Option<(i64, Option<String>)>, store::Error> {
    const SQL: &str = "
        SELECT rev, cid FROM record_rows
        WHERE collection_id = (SELECT id FROM collections WHERE nsid = $1)
          AND repo_id = (SELECT id FROM repos WHERE did = $2)
          AND rkey = $3 AND record IS NOT NULL
          -- What was put in its place is not for the hook to decide about.
          AND NOT EXISTS (
              SELECT 1 FROM local_rows l
              WHERE l.collection_id = record_rows.collection_id AND l.repo_id = record_rows.repo_id
                AND l.rkey = record_rows.rkey AND l.ended = 0)";
    let params = [v(collection.as_str()), v(did.as_str()), v(rkey.as_str())];
    conn.query_opt(SQL, &params, |row| Ok((row.int(0)?, row.opt_text(1)?.map(str::to_owned))))
}

fn write(
    conn: &mut Conn<'_>,
    event: &RecordEvent,
    projections: &[Arc<dyn Projection>],
) -> Result<i64, Error> {
    let mut log = Log::open(conn)?;
    apply_records(conn, &[event], Equal::Newer, projections, &mut log, &mut Applied::default())?;
    Ok(log.last())
}
