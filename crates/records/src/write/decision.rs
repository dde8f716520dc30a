//! Local decisions: durable first, then obeyed by the index.

use atproto::{Did, Nsid, RecordKey, Tid};
use store::{Conn, v};

use super::{Batch, apply};
use crate::event::Event;
use crate::read::uri;
use crate::{Error, RecordAction, RecordEvent, Records, now_micros};

impl Records {
    /// Takes a record out of the view for good; whether it was there. Its repository is not touched. Should its
    /// author edit it later, the edited version counts as new.
    ///
    /// `by` names who decided.
    pub async fn delete(
        &self,
        did: &Did,
        collection: &Nsid,
        rkey: &RecordKey,
        by: &str,
    ) -> Result<bool, Error> {
        let key = (did.clone(), collection.clone(), rkey.clone());
        let Some(rev) = self.index.read(move |conn| revision_after(conn, &key)).await? else {
            return Ok(false);
        };
        let (uri, by) = (uri(did.as_str(), collection.as_str(), rkey.as_str()), by.to_owned());
        let now = now_micros();
        self.state.write(move |conn| remember(conn, &uri, rev, now, &by)).await?;
        // The same version cannot come back, a newer one can.
        let event = RecordEvent {
            did: did.clone(),
            collection: collection.clone(),
            rkey: rkey.clone(),
            rev,
            seen_at: now,
            action: RecordAction::Delete,
        };
        let batch = Batch {
            events: vec![Event::Record(event)],
            advance: None,
            projections: self.projections.clone(),
        };
        let applied = self.index.write(move |conn| apply(conn, &batch)).await?;
        self.announce(applied.last_seq);
        Ok(applied.changes > 0)
    }
}

/// The number after the row's revision, far from that of the next commit: a microsecond has a thousand numbers. A row that
/// was written from here and awaits a hook's decision stands one below its revision, which is meant, too.
fn revision_after(
    conn: &mut Conn<'_>,
    (did, collection, rkey): &(Did, Nsid, RecordKey),
) -> Result<Option<Tid>, Error> {
    const SQL: &str = "
        SELECT rev FROM record_rows
        WHERE collection_id = (SELECT id FROM collections WHERE nsid = $1)
          AND repo_id = (SELECT id FROM repos WHERE did = $2)
          AND rkey = $3 AND record IS NOT NULL";
    let params = [v(collection.as_str()), v(did.as_str()), v(rkey.as_str())];
    let rev = conn.query_opt::<_, store::Error>(SQL, &params, |row| row.int(0))?;
    Ok(rev.and_then(|rev| Tid::from_i64(rev + 1)))
}

fn remember(conn: &mut Conn<'_>, uri: &str, rev: Tid, now: i64, by: &str) -> Result<(), Error> {
    const SQL: &str = "
        INSERT INTO local_decisions (uri, decision, rev, decided_at, decided_by)
        VALUES ($1, 'deleted', $2, $3, $4)
        ON CONFLICT (uri) DO UPDATE
        SET rev = excluded.rev, decided_at = excluded.decided_at, decided_by = excluded.decided_by";
    conn.execute(SQL, &[v(uri), v(rev.as_i64()), v(now), v(by)])?;
    Ok(())
}
