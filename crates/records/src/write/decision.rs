//! Local decisions: durable first, then obeyed by the index.

use atproto::{Cid, Did, Nsid, RecordKey, Tid};
use store::{Conn, v};

use super::{Batch, apply, redecide};
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
        let Some((rev, cid)) = self.index.read(move |conn| decided_version(conn, &key)).await? else {
            return Ok(false);
        };
        let (uri, by) = (uri(did.as_str(), collection.as_str(), rkey.as_str()), by.to_owned());
        let now = now_micros();
        self.state.write(move |conn| remember(conn, &uri, (rev, cid), now, &by)).await?;
        // The same version cannot come back, a newer one can.
        let event = RecordEvent {
            did: did.clone(),
            collection: collection.clone(),
            rkey: rkey.clone(),
            rev,
            seen_at: now,
            made_at: None,
            action: RecordAction::Withhold { cid },
        };
        let batch = Batch {
            events: vec![Event::Record(event)],
            guard: None,
            advance: None,
            projections: self.projections.clone(),
        };
        let applied = self.index.write(move |conn| apply(conn, &batch)).await?;
        self.announce(applied.last_seq);
        Ok(applied.changes > 0)
    }
}

/// The version that is decided about: the number after the row's revision, far from that of the next commit (a
/// microsecond has a thousand numbers), and the CID. A row that was written from here and awaits a hook's decision stands
/// one below its revision, which is meant, too.
fn decided_version(
    conn: &mut Conn<'_>,
    key: &(Did, Nsid, RecordKey),
) -> Result<Option<(Tid, Option<Cid>)>, Error> {
    let cid = |cid: Option<String>| cid.and_then(|cid| Cid::parse(&cid).ok());
    Ok(redecide::here(conn, key)?.and_then(|(rev, here)| Some((Tid::from_i64(rev + 1)?, cid(here)))))
}

fn remember(
    conn: &mut Conn<'_>,
    uri: &str,
    (rev, cid): (Tid, Option<Cid>),
    now: i64,
    by: &str,
) -> Result<(), Error> {
    const SQL: &str = "
        INSERT INTO local_decisions (uri, decision, rev, cid, decided_at, decided_by)
        VALUES ($1, 'deleted', $2, $3, $4, $5)
        ON CONFLICT (uri) DO UPDATE
        SET rev = excluded.rev, cid = excluded.cid, decided_at = excluded.decided_at, decided_by = excluded.decided_by";
    let cid = cid.map(|cid| cid.to_string());
    conn.execute(SQL, &[v(uri), v(rev.as_i64()), v(cid.as_deref()), v(now), v(by)])?;
    Ok(())
}
