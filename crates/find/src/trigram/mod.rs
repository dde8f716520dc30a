//! Indexes of texts by their pieces of three characters, so that a search need not look at every record.
//!
//! Each searched field of a collection has an index of its own, made when the field is first searched and the collection
//! is large. The database keeps it in step by itself, whoever writes: with triggers and a full-text table on SQLite,
//! with an expression index on PostgreSQL. Both find every record that has all pieces of a text and some that do not
//! have the text: the search compares again.

mod build;
mod postgres;
mod sqlite;
mod terms;

use store::{Conn, v};

use crate::{Error, Path};

pub(crate) use build::build;
pub(crate) use postgres::matches as postgres_matches;
pub(crate) use terms::terms;

/// [`search_fields.built`](crate::SCHEMAS) of an index that is complete.
const COMPLETE: i64 = i64::MAX;

/// Indexes of one server: each costs something with every write.
const MAX_INDEXES: i64 = 32;

/// What there is of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Complete, with this number.
    Ready(i64),
    /// Not there, and nobody should build it now: somebody does, or it was tried in vain a short while ago, or there are
    /// enough indexes.
    Absent,
    /// Not there, and nobody has it in hand.
    Missing,
}

/// Names the index of a number: a table on SQLite.
pub(crate) fn name(id: i64) -> String {
    format!("search_{id}")
}

/// What there is of the index of a field.
pub(crate) fn standing(
    conn: &mut Conn<'_>,
    collection_id: i64,
    path: &Path,
    now: i64,
) -> Result<Standing, Error> {
    const SQL: &str = "
        SELECT id, built, next_try_at FROM search_fields WHERE collection_id = $1 AND path = $2";
    let path = path.to_string();
    let row = conn.query_opt(SQL, &[v(collection_id), v(&path)], |row| {
        Ok::<_, Error>((row.int(0)?, row.int(1)?, row.int(2)?))
    })?;
    Ok(match row {
        Some((id, COMPLETE, _)) => Standing::Ready(id),
        Some((_, _, next_try_at)) if next_try_at <= now => Standing::Missing,
        None if has_room(conn)? => Standing::Missing,
        _ => Standing::Absent,
    })
}

/// Whether there may be one more index.
fn has_room(conn: &mut Conn<'_>) -> Result<bool, Error> {
    const SQL: &str = "SELECT count(*) FROM search_fields";
    conn.query_one(SQL, &[], |row| Ok(row.int(0)? < MAX_INDEXES))
}
