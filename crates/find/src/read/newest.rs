//! Pages in order of time.

use store::Conn;

use super::Budget;
use super::part::Part;
use super::windows::{Window, Windows};
use crate::place::Place;
use crate::sql::{self, Sql};
use crate::{Error, Found, Page, Query, cursor};

/// A page of a query without a sort. Without a filter the work does not depend on how many records there are.
pub(super) fn page(conn: &mut Conn<'_>, query: &Query, budget: Budget) -> Result<Page, Error> {
    let after = query.cursor.as_deref().map(cursor::place).transpose()?;
    let Some(part) = Part::find(conn, &query.collection, query.did.as_deref())? else {
        return Ok(Page::default());
    };
    // One more than asked for tells whether there is a next page.
    let wanted = query.limit as usize;
    let mut rows = Vec::new();
    let mut windows = Windows::new(part, query.direction, after, budget);
    let whole = query.filter.is_none();
    while rows.len() <= wanted
        && let Some(window) = if whole { windows.take_rest() } else { windows.next(conn)? }
    {
        rows.extend(read(conn, query, part, window, wanted + 1 - rows.len())?);
    }
    let more = rows.len() > wanted;
    rows.truncate(wanted);
    let cursor = rows.last().filter(|_| more).map(|(_, place)| cursor::of_place(*place));
    Ok(Page { records: rows.into_iter().map(|(found, _)| found).collect(), cursor })
}

/// The first records of a window.
fn read(
    conn: &mut Conn<'_>,
    query: &Query,
    part: Part,
    window: Window,
    limit: usize,
) -> Result<Vec<(Found, Place)>, Error> {
    let mut sql = Sql::new(conn.engine());
    sql.push("SELECT repos.did, r.rkey, r.cid, json(r.record), r.created_at, r.id FROM ");
    part.table(&mut sql);
    sql.push(" JOIN repos ON repos.id = r.repo_id WHERE ");
    part.condition(&mut sql);
    sql.push(" AND ");
    window.condition(&mut sql);
    if let Some(filter) = &query.filter {
        sql.push(" AND ");
        sql::condition(&mut sql, filter);
    }
    window.order(&mut sql);
    sql.push(" LIMIT ").bind(i64::try_from(limit).unwrap_or(i64::MAX));
    conn.query(sql.text(), &sql.values(), |row| {
        Ok((Found::from_row(row, query.collection.as_str())?, Place::from_row(row, 4)?))
    })
}
