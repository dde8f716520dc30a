//! What is known of the records of a part, and what that means for them.

use std::collections::HashSet;
use std::ops::Bound;

use atproto::{Cid, RecordKey};
use store::{Conn, Engine, Error, Row, v};

use super::Work;
use super::incoming::Incoming;

/// Rows that one transaction looks at for one part: more than any part has records, and a bound on what a host that
/// says "nothing is here" can set in motion at once.
pub(super) const MAX_ROWS: usize = 5_000;

/// The least character that comes after the end of a record key: all that may stand in one are greater (spec `record-key`).
const AFTER_END: char = '!';

/// Greater than every record key.
const BEYOND: &str = "\u{7f}";

/// A row within the keys of a part.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) rkey: String,
    pub(super) rev: i64,
    pub(super) indexed_at: i64,
    /// Of the record, or of the version that a decision left out.
    pub(super) cid: Option<String>,
    /// Not a tombstone.
    pub(super) present: bool,
    /// The record comes from a local decision; the CID is that of the version that it is about.
    pub(super) local: Option<Local>,
}

/// What a local record stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Local {
    /// A version of its author's.
    Version,
    /// Nothing: whether anybody else has it does not matter.
    OnlyHere,
}

/// What becomes of a record that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing was here.
    New,
    /// Something else was here.
    Changed,
    /// It is here already, or it was decided that it should not be.
    Same,
    /// Something newer is here.
    Newer,
}

impl Verdict {
    pub(super) fn is_written(self) -> bool {
        matches!(self, Self::New | Self::Changed)
    }
}

impl Known {
    /// Whether the row says something about the time after the part. A record that was written from here without its
    /// revision being known carries 0, and so does one that is only here, which says nothing about the author's.
    pub(super) fn is_newer_than(&self, part: &Incoming) -> bool {
        let is_only_here = self.local == Some(Local::OnlyHere);
        self.rev > part.rev.as_i64() || (self.rev == 0 && !is_only_here && self.indexed_at >= part.asked_at)
    }
}

/// Judges a record with this CID by the row of its key.
pub(super) fn judge(row: Option<&Known>, cid: Cid, part: &Incoming, force: bool) -> Verdict {
    let Some(row) = row else { return Verdict::New };
    if row.is_newer_than(part) && !faults::mutant!("records-listing-overwrites-newer") {
        return Verdict::Newer;
    }
    let same = row.cid.as_deref().is_some_and(|known| known == cid.to_string());
    match (row.present, same) {
        // What was decided about the version stays with it.
        (true, true) if !force || row.local.is_some() => Verdict::Same,
        // A tombstone with the CID of the version that it is for.
        (false, true) => Verdict::Same,
        (true, _) => Verdict::Changed,
        (false, false) => Verdict::New,
    }
}

/// What is known of the part: the records of the network that are here within its keys, and whatever else is here of those
/// that it has: tombstones, and records that are only here. `None` if more are here than one transaction should look at.
pub(super) fn within(conn: &mut Conn<'_>, work: &Work<'_>) -> Result<Option<Vec<Known>>, Error> {
    let (from, before) = half_open(&work.part.keys);
    let mut known = range(conn, work, &from, &before)?;
    if known.len() > MAX_ROWS {
        return Ok(None);
    }
    if !work.is_new {
        let here: HashSet<&str> = known.iter().map(|row| row.rkey.as_str()).collect();
        let keys = work.part.records.iter().map(|record| record.rkey.as_str());
        let missing: Vec<Option<&str>> = keys.filter(|key| !here.contains(key)).map(Some).collect();
        known.extend(others(conn, work, &missing)?);
    }
    Ok(Some(known))
}

/// Up to one more record of the network than a transaction looks at, from the key `from` on and before the key `before`.
pub(super) fn range(
    conn: &mut Conn<'_>,
    work: &Work<'_>,
    from: &str,
    before: &str,
) -> Result<Vec<Known>, Error> {
    const SQL: &str = "
        SELECT r.rkey, r.rev, r.indexed_at, coalesce(r.cid, l.cid), 1, l.only_here
        FROM record_rows r
        LEFT JOIN local_rows l
            ON r.cid IS NULL AND l.ended = 0
            AND l.collection_id = r.collection_id AND l.repo_id = r.repo_id AND l.rkey = r.rkey
        WHERE r.collection_id = $1 AND r.repo_id = $2 AND r.rkey >= $3 AND r.rkey < $4 AND r.record IS NOT NULL
          AND coalesce(l.only_here, 0) = 0
        ORDER BY r.rkey LIMIT $5";
    let limit = i64::try_from(MAX_ROWS + 1).unwrap_or(i64::MAX);
    let params = [v(work.collection_id), v(work.repo.id), v(from), v(before), v(limit)];
    conn.query(SQL, &params, Known::from_row)
}

fn others(conn: &mut Conn<'_>, work: &Work<'_>, keys: &[Option<&str>]) -> Result<Vec<Known>, Error> {
    const ONE: &str = "
        SELECT r.rkey, r.rev, r.indexed_at, coalesce(r.cid, l.cid), CASE WHEN r.record IS NULL THEN 0 ELSE 1 END, l.only_here
        FROM record_rows r
        LEFT JOIN local_rows l
            ON r.cid IS NULL AND l.ended = 0
            AND l.collection_id = r.collection_id AND l.repo_id = r.repo_id AND l.rkey = r.rkey
        WHERE r.collection_id = $1 AND r.repo_id = $2 AND r.rkey = $3";
    const ALL: &str = "
        SELECT r.rkey, r.rev, r.indexed_at, coalesce(r.cid, l.cid), CASE WHEN r.record IS NULL THEN 0 ELSE 1 END, l.only_here
        FROM record_rows r
        LEFT JOIN local_rows l
            ON r.cid IS NULL AND l.ended = 0
            AND l.collection_id = r.collection_id AND l.repo_id = r.repo_id AND l.rkey = r.rkey
        WHERE r.collection_id = $1 AND r.repo_id = $2 AND r.rkey = ANY($3::text[])";
    let place = [v(work.collection_id), v(work.repo.id)];
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    match conn.engine() {
        Engine::Sqlite => {
            let mut found = Vec::new();
            for key in keys {
                let [collection, repo] = place;
                found.extend(conn.query_opt(ONE, &[collection, repo, v(*key)], Known::from_row)?);
            }
            Ok(found)
        }
        Engine::Postgres => {
            let [collection, repo] = place;
            conn.query(ALL, &[collection, repo, v(keys)], Known::from_row)
        }
    }
}

impl Known {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        let local = row.opt_int(5)?.map(|only| if only == 1 { Local::OnlyHere } else { Local::Version });
        Ok(Self {
            rkey: row.string(0)?,
            rev: row.int(1)?,
            indexed_at: row.int(2)?,
            cid: row.opt_text(3)?.map(str::to_owned),
            present: row.bool(4)?,
            local,
        })
    }
}

/// The keys as texts: the first that belongs to them, and the first beyond them.
pub(super) fn half_open(keys: &(Bound<RecordKey>, Bound<RecordKey>)) -> (String, String) {
    let from = match &keys.0 {
        Bound::Included(key) => key.as_str().to_owned(),
        Bound::Excluded(key) => after(key.as_str()),
        Bound::Unbounded => String::new(),
    };
    let before = match &keys.1 {
        Bound::Included(key) => after(key.as_str()),
        Bound::Excluded(key) => key.as_str().to_owned(),
        Bound::Unbounded => BEYOND.to_owned(),
    };
    (from, before)
}

/// The first text after `key` that no key comes before.
pub(super) fn after(key: &str) -> String {
    format!("{key}{AFTER_END}")
}
