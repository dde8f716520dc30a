//! What the log says of a collection.

use std::collections::BTreeSet;

use atproto::{Did, Nsid, RecordKey};
use store::{Conn, v};

use crate::{Error, Repos, events};

/// What has happened to a collection.
pub(super) struct Changed {
    /// The records, and the repositories of which everything has to be looked at, which have no key.
    pub(super) names: BTreeSet<(Did, Option<RecordKey>)>,
    /// The number of the last event.
    pub(super) until: i64,
    /// Whether there was no more.
    pub(super) is_all: bool,
}

/// The number of the newest event.
pub(super) async fn newest(repos: &Repos) -> Result<i64, Error> {
    repos.shared.state.read(events::head).await
}

/// What happened since an event; `None` if that is not known any more.
pub(super) async fn changed(
    repos: &Repos,
    collection: &Nsid,
    known: Option<i64>,
    limit: i64,
) -> Result<Option<Changed>, Error> {
    let Some(known) = known else { return Ok(None) };
    let collection = collection.clone();
    repos.shared.state.read(move |conn| read_changed(conn, &collection, known, limit)).await
}

fn read_changed(
    conn: &mut Conn<'_>,
    collection: &Nsid,
    known: i64,
    limit: i64,
) -> Result<Option<Changed>, Error> {
    const EVENTS: &str =
        "SELECT seq, did, kind, paths FROM repos_events WHERE seq > $1 ORDER BY seq LIMIT $2";
    let head = events::head(conn)?;
    let mut changed = Changed { names: BTreeSet::new(), until: known, is_all: false };
    let mut is_first = true;
    let mut is_gap = false;
    conn.for_each(EVENTS, &[v(known), v(limit)], |row| {
        let seq = row.int(0)?;
        is_gap |= std::mem::take(&mut is_first) && seq > known + 1;
        changed.until = seq;
        let Ok(did) = Did::parse(row.text(1)?) else { return Ok(()) };
        if row.int(2)? == events::Kind::Account as i64 {
            changed.names.insert((did, None));
            return Ok(());
        }
        for path in row.text(3)?.lines() {
            let rkey = path.split_once('/').filter(|(name, _)| *name == collection.as_str());
            let rkey = rkey.and_then(|(_, rkey)| RecordKey::parse(rkey).ok());
            changed.names.extend(rkey.map(|rkey| (did.clone(), Some(rkey))));
        }
        Ok::<_, Error>(())
    })?;
    changed.is_all = changed.until >= head;
    // Nothing came although there was something, or not what came next, or the index is ahead of a log that was restored.
    let is_lost = is_gap || (is_first && known != head);
    Ok((!is_lost).then_some(changed))
}
