//! When more has to go than one transaction should hold.

use std::collections::HashSet;
use std::sync::Arc;

use store::{Conn, Database};

use super::classify::{self, MAX_ROWS};
use super::incoming::Incoming;
use super::{Judged, Work};
use crate::write::apply::lock;
use crate::write::ids;
use crate::write::log::Log;
use crate::{Error, Projection, Records, now_micros};

impl Records {
    /// Removes what is not there any more within the keys of one part, in transactions of bounded size. A part has fewer
    /// records than such a transaction looks at rows, so afterwards it fits into one.
    pub(super) async fn thin_out(
        &self,
        index: &Database,
        parts: &Arc<[Incoming]>,
        number: usize,
    ) -> Result<(), Error> {
        let (mut from, before) = classify::half_open(&parts[number].keys);
        loop {
            let (taken, projections) = (Arc::clone(parts), Arc::clone(&self.projections));
            let end = before.clone();
            let step =
                index.write(move |conn| chunk(conn, &taken[number], &from, &end, &projections)).await?;
            self.announce(step.last_seq);
            match step.next {
                Some(next) => from = next,
                None => return Ok(()),
            }
        }
    }
}

struct Step {
    last_seq: i64,
    /// Where the next chunk begins.
    next: Option<String>,
}

fn chunk(
    conn: &mut Conn<'_>,
    part: &Incoming,
    from: &str,
    before: &str,
    projections: &[Arc<dyn Projection>],
) -> Result<Step, Error> {
    lock(conn)?;
    let mut log = Log::open(conn)?;
    let collection_id = ids::collection(conn, part.collection.as_str())?;
    let repo = ids::repo(conn, part.did.as_str())?;
    let work = Work { part, collection_id, repo, is_new: false };
    let rows = classify::range(conn, &work, from, before)?;
    let next = rows.get(MAX_ROWS).map(|row| row.rkey.clone());
    let there: HashSet<&str> = part.records.iter().map(|record| record.rkey.as_str()).collect();
    let now = now_micros();
    let gone = |row: &&classify::Known| !there.contains(row.rkey.as_str()) && !row.is_newer_than(part);
    let deletions: Vec<Judged> = rows
        .iter()
        .take(MAX_ROWS)
        .filter(gone)
        .filter_map(|row| part.deletion(&row.rkey, now))
        .map(|event| work.judged(event, true))
        .collect();
    super::write(conn, &deletions, false, projections, &mut log)?;
    Ok(Step { last_seq: log.last(), next })
}
