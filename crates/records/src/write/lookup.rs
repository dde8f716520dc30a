//! What is there already.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use store::{Conn, Engine, Error, Row, v};

use super::ids::Located;

/// Names a row: collection, repository, record key.
pub(super) type Key<'e> = (i64, i64, &'e str);

/// A row before the transaction touches it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Existing {
    pub(super) id: i64,
    pub(super) rev: i64,
    pub(super) visible: bool,
    pub(super) created_at: i64,
    /// `None` for a tombstone.
    pub(super) json: Option<String>,
    /// The record comes from a local decision about this version; empty if it is about none or the CID is not known.
    pub(super) local: Option<String>,
}

impl Located<'_> {
    pub(super) fn key(&self) -> Key<'_> {
        (self.collection_id, self.repo.id, self.event.rkey.as_str())
    }
}

/// The rows that the events are about; `None` for those that do not exist yet.
pub(super) fn existing<'e>(
    conn: &mut Conn<'_>,
    located: &'e [Located<'e>],
) -> Result<HashMap<Key<'e>, Option<Existing>>, Error> {
    match conn.engine() {
        Engine::Sqlite => one_by_one(conn, located),
        Engine::Postgres => all_at_once(conn, located),
    }
}

fn one_by_one<'e>(
    conn: &mut Conn<'_>,
    located: &'e [Located<'e>],
) -> Result<HashMap<Key<'e>, Option<Existing>>, Error> {
    // Only a row without a CID can be local, so the others do not pay for the question.
    const SQL: &str = "
        SELECT r.id, r.rev, r.visible, r.created_at, json(r.record),
               CASE WHEN r.cid IS NULL AND r.record IS NOT NULL THEN (
                   SELECT coalesce(l.cid, '') FROM local_rows l
                   WHERE l.collection_id = $1 AND l.repo_id = $2 AND l.rkey = $3 AND l.ended = 0) END
        FROM record_rows r
        WHERE r.collection_id = $1 AND r.repo_id = $2 AND r.rkey = $3";
    let mut found = HashMap::with_capacity(located.len());
    for event in located {
        if let Entry::Vacant(entry) = found.entry(event.key()) {
            let (collection, repo, rkey) = *entry.key();
            entry.insert(conn.query_opt(SQL, &[v(collection), v(repo), v(rkey)], read)?);
        }
    }
    Ok(found)
}

fn all_at_once<'e>(
    conn: &mut Conn<'_>,
    located: &'e [Located<'e>],
) -> Result<HashMap<Key<'e>, Option<Existing>>, Error> {
    const SQL: &str = "
        SELECT r.id, r.rev, r.visible, r.created_at, json(r.record),
               CASE WHEN r.cid IS NULL AND r.record IS NOT NULL THEN (
                   SELECT coalesce(l.cid, '') FROM local_rows l
                   WHERE l.collection_id = r.collection_id AND l.repo_id = r.repo_id AND l.rkey = r.rkey
                     AND l.ended = 0) END,
               k.number
        FROM unnest($1::bigint[], $2::bigint[], $3::text[]) WITH ORDINALITY AS k (collection, repo, rkey, number)
        JOIN record_rows r ON r.collection_id = k.collection AND r.repo_id = k.repo AND r.rkey = k.rkey";
    let mut found: HashMap<_, _> = located.iter().map(|event| (event.key(), None)).collect();
    let keys: Vec<Key<'e>> = found.keys().copied().collect();
    let collections: Vec<i64> = keys.iter().map(|key| key.0).collect();
    let repos: Vec<i64> = keys.iter().map(|key| key.1).collect();
    let rkeys: Vec<Option<&str>> = keys.iter().map(|key| Some(key.2)).collect();
    conn.for_each(SQL, &[v(collections.as_slice()), v(repos.as_slice()), v(rkeys.as_slice())], |row| {
        // WITH ORDINALITY counts from 1.
        let key = usize::try_from(row.int(6)? - 1).ok().and_then(|number| keys.get(number));
        if let Some(key) = key {
            found.insert(*key, Some(read(row)?));
        }
        Ok::<_, Error>(())
    })?;
    Ok(found)
}

fn read(row: &Row<'_>) -> Result<Existing, Error> {
    Ok(Existing {
        id: row.int(0)?,
        rev: row.int(1)?,
        visible: row.bool(2)?,
        created_at: row.int(3)?,
        json: row.opt_text(4)?.map(str::to_owned),
        local: row.opt_text(5)?.map(str::to_owned),
    })
}
