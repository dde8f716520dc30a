//! Pages in order of time.

use store::Conn;

use super::Budget;
use super::part::Part;
use super::stretches::{ids_in, table_by_ids};
use super::windows::{Window, Windows};
use crate::index::integer;
use crate::place::Place;
use crate::select::{Narrowed, narrow};
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
    let narrowed = if whole { None } else { narrow(conn, query, part)? };
    let narrowed = match narrowed {
        Some(narrowed) => self::narrowed(conn, query, part, after, narrowed, budget)?,
        None => None,
    };
    if let Some(found) = narrowed {
        rows = found;
        windows.take_rest();
    }
    while rows.len() <= wanted
        && let Some(window) = if whole { windows.take_rest() } else { windows.next(conn)? }
    {
        rows.extend(read(conn, query, part, window, (wanted + 1 - rows.len(), None))?);
    }
    let more = rows.len() > wanted;
    rows.truncate(wanted);
    let cursor = rows.last().filter(|_| more).map(|(_, place)| cursor::of_place(*place));
    Ok(Page { records: rows.into_iter().map(|(found, _)| found).collect(), cursor })
}

/// The first records that an index has; `None` if it went away meanwhile.
fn narrowed(
    conn: &mut Conn<'_>,
    query: &Query,
    part: Part,
    after: Option<Place>,
    narrowed: Narrowed,
    budget: Budget,
) -> Result<Option<Vec<(Found, Place)>>, Error> {
    let wanted = query.limit as usize + 1;
    let Some(window) = Windows::new(part, query.direction, after, budget).take_rest() else {
        return Ok(None);
    };
    let along = match narrowed {
        Narrowed::Few(ids) => return read(conn, query, part, window, (wanted, Some(&ids))).map(Some),
        Narrowed::Along(along) => along,
    };
    let after = after.map(|place| [integer(place.created_at), integer(place.id)].concat());
    let mut walk = along.walk(after.as_deref());
    let mut rows = Vec::new();
    while rows.len() < wanted {
        budget.check()?;
        let ids = walk.next(conn, wanted - rows.len())?;
        if ids.is_empty() {
            break;
        }
        rows.extend(read(conn, query, part, window, (wanted - rows.len(), Some(&ids)))?);
    }
    Ok(along.still_stands(conn)?.then_some(rows))
}

/// The first records of a window, of these rows if they are known.
fn read(
    conn: &mut Conn<'_>,
    query: &Query,
    part: Part,
    window: Window,
    (limit, ids): (usize, Option<&[i64]>),
) -> Result<Vec<(Found, Place)>, Error> {
    let mut sql = Sql::new(conn.engine());
    sql.push("SELECT repos.did, r.rkey, r.cid, json(r.record), r.created_at, r.id FROM ");
    match ids {
        Some(_) => table_by_ids(&mut sql),
        None => part.table(&mut sql),
    }
    sql.push(" JOIN repos ON repos.id = r.repo_id WHERE ");
    part.condition(&mut sql);
    sql.push(" AND ");
    window.condition(&mut sql);
    if let Some(ids) = ids {
        sql.push(" AND ");
        ids_in(&mut sql, ids);
    }
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
