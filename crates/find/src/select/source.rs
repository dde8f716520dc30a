//! Candidates, some at a time.

use store::{Conn, Engine, v};

use super::candidate::{COLUMNS, Candidate};
use super::cursor::seen;
use super::walk::Walk;
use crate::read::{Budget, Part, Windows};
use crate::sql::Sql;
use crate::words::WordQuery;
use crate::{Direction, Error, words};

/// Candidates that are looked at first when each may be an answer, and most at a time.
const FIRST: usize = 64;
const MOST: usize = 1024;

/// Row ids that a scan by them looks at at a time.
const IDS: i64 = 4096;

/// Where candidates come from.
pub(super) struct Source<'s> {
    collection: &'s str,
    budget: Budget,
    rows: usize,
    way: Way<'s>,
}

pub(super) enum Way<'s> {
    /// Along an index.
    Walk(Walk),
    /// These, in this order.
    Ids(std::vec::IntoIter<i64>),
    /// All of a part in the order in which they were first seen, after a place.
    Seen { part: Part, direction: Direction, after: Option<Vec<u8>>, has_ended: bool },
    /// All with an id below this one, the greatest first.
    Descending { part: Part, before: i64 },
    /// Those that an index of words has, with an id below this one, the greatest first.
    Words { index: i64, query: &'s WordQuery, before: i64, has_ended: bool },
}

impl<'s> Source<'s> {
    /// `wanted` is how many answers are looked for.
    pub(super) fn new(collection: &'s str, budget: Budget, way: Way<'s>, wanted: usize) -> Self {
        Self { collection, budget, rows: wanted.clamp(1, FIRST), way }
    }

    /// The next candidates, in the order of the way; `None` when there are no more. An error when the time is over.
    pub(super) fn next(&mut self, conn: &mut Conn<'_>) -> Result<Option<Vec<Candidate>>, Error> {
        self.budget.check()?;
        let rows = self.rows;
        self.rows = (rows * 4).min(MOST);
        let ids = match &mut self.way {
            Way::Walk(walk) => walk.next(conn, rows)?,
            Way::Ids(ids) => ids.take(rows).collect(),
            Way::Words { index, query, before, has_ended } => {
                if *has_ended {
                    return Ok(None);
                }
                let limit = i64::try_from(rows).unwrap_or(i64::MAX);
                let ids = words::table::find(conn, *index, query, *before, limit)?;
                *has_ended = ids.len() < rows;
                *before = ids.last().copied().unwrap_or(*before);
                ids
            }
            Way::Seen { part, direction, after, has_ended } => {
                if *has_ended {
                    return Ok(None);
                }
                let place = after.as_deref().and_then(seen);
                let Some(window) = Windows::new(*part, *direction, place, self.budget).take_rest() else {
                    return Ok(None);
                };
                let mut sql = Sql::new(conn.engine());
                sql.push("SELECT ").push(COLUMNS).push(" FROM ");
                part.table(&mut sql);
                sql.push(" JOIN repos ON repos.id = r.repo_id WHERE ");
                part.condition(&mut sql);
                sql.push(" AND ");
                window.condition(&mut sql);
                window.order(&mut sql);
                sql.push(" LIMIT ").bind(i64::try_from(rows).unwrap_or(i64::MAX));
                let found =
                    conn.query(sql.text(), &sql.values(), |row| Candidate::from_row(row, self.collection))?;
                *has_ended = found.len() < rows;
                *after = found.last().map(|last| last.place(&crate::index::Order::Seen));
                return Ok(Some(found));
            }
            Way::Descending { part, before } => return descending(conn, *part, before, self.collection),
        };
        if ids.is_empty() {
            return Ok(None);
        }
        Candidate::fetch(conn, self.collection, &ids).map(Some)
    }
}

fn descending(
    conn: &mut Conn<'_>,
    part: Part,
    before: &mut i64,
    collection: &str,
) -> Result<Option<Vec<Candidate>>, Error> {
    const LAST: &str = "SELECT coalesce(max(id), 0) FROM record_rows WHERE id < $1";
    let last: i64 = conn.query_one(LAST, &[v(*before)], |row| row.int(0).map_err(Error::Store))?;
    if last == 0 {
        return Ok(None);
    }
    let from = last.saturating_sub(IDS - 1).max(1);
    // The ids lead to the rows; any other index would lead to all of the collection.
    let table = match conn.engine() {
        Engine::Sqlite => "record_rows r NOT INDEXED",
        Engine::Postgres => "record_rows r",
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM {table} JOIN repos ON repos.id = r.repo_id
         WHERE r.id >= $1 AND r.id <= $2 AND r.collection_id = $3 AND r.visible = 1 ORDER BY r.id DESC"
    );
    *before = from;
    let params = [v(from), v(last), v(part.collection_id)];
    conn.query(&sql, &params, |row| Candidate::from_row(row, collection)).map(Some).map_err(Error::Store)
}
