//! `db.query`.

use store::Conn;

use super::keyed::Keyed;
use super::part::Part;
use super::rows::rows;
use super::{Budget, narrowed, newest};
use crate::cursor::{self, Start};
use crate::select::narrow;
use crate::sql::Order;
use crate::{Error, Find, Page, Query, Sort};

impl Find {
    /// One page of the records that the query asks for.
    pub async fn query(&self, query: Query) -> Result<Page, Error> {
        let limit = self.time_limit;
        // Without sort and filter an index has the answer.
        let is_brief = query.sort.is_none() && query.filter.is_none();
        let read = move |conn: &mut Conn<'_>| {
            let budget = Budget::new(limit);
            match &query.sort {
                None => newest::page(conn, &query, budget),
                Some(sort) => sorted(conn, &query, sort, budget),
            }
        };
        if is_brief { self.index.read_brief(read).await } else { self.index.read(read).await }
    }
}

fn sorted(conn: &mut Conn<'_>, query: &Query, sort: &Sort, budget: Budget) -> Result<Page, Error> {
    let start = match &query.cursor {
        Some(text) => cursor::start(text, sort)?,
        None => Start::Offset(query.offset),
    };
    let Some(part) = Part::find(conn, &query.collection, query.did.as_deref())? else {
        return Ok(Page::default());
    };
    let (skipped, after) = match &start {
        Start::Offset(offset) => (*offset as usize, None),
        Start::After(key) => (0, Some(key)),
    };
    let wanted = query.limit as usize;
    let keyed = Keyed {
        part,
        order: Order::By(sort),
        direction: query.direction,
        filter: query.filter.as_ref(),
        after,
        // One more than asked for tells whether there is a next page.
        limit: skipped + wanted + 1,
    };
    let narrowed = match sort {
        Sort::Path(_) => narrow(conn, query, part)?,
        _ => None,
    };
    let found = match narrowed {
        Some(narrowed) => narrowed::first(conn, &keyed, narrowed, budget)?,
        None => None,
    };
    let found = found.map_or_else(|| keyed.first(conn, budget), Ok)?;
    let page = found.get(skipped..).unwrap_or_default();
    let more = page.len() > wanted;
    let page = &page[..page.len().min(wanted)];
    let ids: Vec<i64> = page.iter().map(|(_, id)| *id).collect();
    Ok(Page {
        records: rows(conn, query.collection.as_str(), &ids)?,
        cursor: page.last().filter(|_| more).map(|(key, _)| cursor::of_key(sort, key)),
    })
}
