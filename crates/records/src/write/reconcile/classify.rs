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
    /// revision being known carries 0.
    pub(super) fn is_newer_than(&self, part: &Incoming) -> bool {
        self.rev > part.rev.as_i64() || (self.rev == 0 && self.indexed_at >= part.asked_at)
    }
}

/// Judges a record with this CID by the row of its key.
pub(super) fn judge(row: Option<&Known>, cid: Cid, part: &Incoming, force: bool) -> Verdict {
    let Some(row) = row else { return Verdict::New };
    if row.is_newer_than(part) {
        return Verdict::Newer;
    }
    let same = row.cid.as_deref().is_some_and(|known| known == cid.to_string());
    match (row.present, same) {
        (true, true) if !force => Verdict::Same,
        // A tombstone with the CID of the version that it is for.
        (false, true) => Verdict::Same,
        (true, _) => Verdict::Changed,
        (false, false) => Verdict::New,
    }
}

/// What is known of the part: the records that are here within its keys, and the tombstones of those that it has. `None`
/// if more are here than one transaction should look at.
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
        known.extend(tombstones(conn, work, &missing)?);
    }
    Ok(Some(known))
}

/// Up to one more record than a transaction looks at, from the key `from` on and before the key `before`.
pub(super) fn range(
    conn: &mut Conn<'_>,
    work: &Work<'_>,
    from: &str,
    before: &str,
) -> Result<Vec<Known>, Error> {
    const SQL: &str = "
        SELECT rkey, rev, indexed_at, cid FROM record_rows
        WHERE collection_id = $1 AND repo_id = $2 AND rkey >= $3 AND rkey < $4 AND record IS NOT NULL
        ORDER BY rkey LIMIT $5";
    let limit = i64::try_from(MAX_ROWS + 1).unwrap_or(i64::MAX);
    let params = [v(work.collection_id), v(work.repo.id), v(from), v(before), v(limit)];
    conn.query(SQL, &params, |row| Known::from_row(row, true))
}

fn tombstones(conn: &mut Conn<'_>, work: &Work<'_>, keys: &[Option<&str>]) -> Result<Vec<Known>, Error> {
    const ONE: &str = "
        SELECT rkey, rev, indexed_at, cid FROM record_rows
        WHERE collection_id = $1 AND repo_id = $2 AND rkey = $3";
    const ALL: &str = "
        SELECT rkey, rev, indexed_at, cid FROM record_rows
        WHERE collection_id = $1 AND repo_id = $2 AND rkey = ANY($3::text[])";
    let place = [v(work.collection_id), v(work.repo.id)];
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    match conn.engine() {
        Engine::Sqlite => {
            let mut found = Vec::new();
            for key in keys {
                let [collection, repo] = place;
                found.extend(
                    conn.query_opt(ONE, &[collection, repo, v(*key)], |row| Known::from_row(row, false))?,
                );
            }
            Ok(found)
        }
        Engine::Postgres => {
            let [collection, repo] = place;
            conn.query(ALL, &[collection, repo, v(keys)], |row| Known::from_row(row, false))
        }
    }
}

impl Known {
    fn from_row(row: &Row<'_>, present: bool) -> Result<Self, Error> {
        Ok(Self {
            rkey: row.string(0)?,
            rev: row.int(1)?,
            indexed_at: row.int(2)?,
            cid: row.opt_text(3)?.map(str::to_owned),
            present,
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
