//! `db.backlinks`.

use std::ops::Range;

use store::{Conn, v};

use super::Budget;
use super::part::Part;
use super::rows::rows;
use super::windows::{FIRST, grown};
use crate::place::Place;
use crate::{Backlinks, Error, Find, Page, cursor};

impl Find {
    /// One page of the records that refer to a URI, newest first.
    pub async fn backlinks(&self, backlinks: Backlinks) -> Result<Page, Error> {
        let limit = self.time_limit;
        self.index.read(move |conn| page(conn, &backlinks, Budget::new(limit))).await
    }
}

fn page(conn: &mut Conn<'_>, backlinks: &Backlinks, budget: Budget) -> Result<Page, Error> {
    let after = backlinks.cursor.as_deref().map(cursor::place).transpose()?.unwrap_or(Place::NEWEST);
    let Some(part) = Part::find(conn, &backlinks.collection, backlinks.did.as_deref())? else {
        return Ok(Page::default());
    };
    // One more than asked for tells whether there is a next page.
    let wanted = backlinks.limit as usize;
    let mut places: Vec<Place> = Vec::new();
    let (mut next, mut links) = (Some(i64::MAX), FIRST);
    while let Some(below) = next {
        budget.check()?;
        let from = lowest(conn, backlinks, part, below, links)?;
        places.extend(newest(conn, backlinks, part, after, from.unwrap_or(i64::MIN)..below)?);
        places.sort_unstable_by(|one, other| other.cmp(one));
        places.truncate(wanted + 1);
        (next, links) = (from, grown(links));
    }
    let more = places.len() > wanted;
    places.truncate(wanted);
    let ids: Vec<i64> = places.iter().map(|place| place.id).collect();
    Ok(Page {
        records: rows(conn, backlinks.collection.as_str(), &ids)?,
        cursor: places.last().filter(|_| more).map(|place| cursor::of_place(*place)),
    })
}

/// Where the next so many links below this row id end, if there are so many.
fn lowest(
    conn: &mut Conn<'_>,
    backlinks: &Backlinks,
    part: Part,
    below: i64,
    links: i64,
) -> Result<Option<i64>, Error> {
    const SQL: &str = "
        SELECT source_id FROM backlinks
        WHERE target = $1 AND collection_id = $2 AND source_id < $3
        ORDER BY source_id DESC LIMIT 1 OFFSET $4";
    let params = [v(&backlinks.uri), v(part.collection_id), v(below), v(links - 1)];
    conn.query_opt(SQL, &params, |row| Ok(row.int(0)?))
}

/// The newest records after a place, among those with these row ids.
fn newest(
    conn: &mut Conn<'_>,
    backlinks: &Backlinks,
    part: Part,
    after: Place,
    sources: Range<i64>,
) -> Result<Vec<Place>, Error> {
    // Nothing but the row id leads to `record_rows`, or SQLite would walk through the whole collection instead.
    const SQL: &str = "
        SELECT r.created_at, r.id FROM backlinks b JOIN record_rows r ON r.id = b.source_id
        WHERE b.target = $1 AND b.collection_id = $2 AND b.source_id >= $3 AND b.source_id < $4
          AND r.visible = 1 AND (r.created_at, r.id) < ($5, $6)
          AND (CAST($7 AS BIGINT) IS NULL OR r.repo_id = $7)
        ORDER BY r.created_at DESC, r.id DESC LIMIT $8";
    let params = [
        v(&backlinks.uri),
        v(part.collection_id),
        v(sources.start),
        v(sources.end),
        v(after.created_at),
        v(after.id),
        v(part.repo_id),
        v(i64::from(backlinks.limit) + 1),
    ];
    conn.query(SQL, &params, |row| Ok(Place::from_row(row, 0)?))
}
