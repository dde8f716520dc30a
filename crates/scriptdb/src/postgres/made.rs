//! What a statement out of a backup has made.

use store::{Conn, Error, v};

use super::catalogue::{self, Column};

/// A table of this name, as this engine writes it if it came without quotes.
pub(super) fn find(conn: &mut Conn<'_>, name: &str) -> Result<Option<catalogue::Described>, Error> {
    let sql = "SELECT c.relname::text FROM pg_catalog.pg_class c
        WHERE c.relnamespace = 'scripts'::regnamespace AND c.relkind = 'r' AND lower(c.relname) = lower($1)
        ORDER BY c.relname <> $1 LIMIT 1";
    match conn.query_opt(sql, &[v(name)], |row| row.string(0))? {
        Some(found) => catalogue::describe(conn, &found).map(Some),
        None => Ok(None),
    }
}

/// The columns in the order of the values; None if they are others.
pub(super) fn order(mut here: Vec<Column>, there: &[String]) -> Option<Vec<Column>> {
    let find = |name: &String, here: &mut Vec<Column>| {
        let exact = here.iter().position(|column| column.name == *name);
        let folded = || here.iter().position(|column| column.name.eq_ignore_ascii_case(name));
        exact.or_else(folded).map(|at| here.remove(at))
    };
    let ordered = there.iter().map(|name| find(name, &mut here)).collect::<Option<Vec<_>>>()?;
    here.is_empty().then_some(ordered)
}
