//! The newest records of a collection, page by page.

use atproto::{Did, Nsid};
use store::{Conn, v};

use crate::{Error, Position, Record, Records};

/// A request for one page.
#[derive(Clone, Debug)]
pub struct ListQuery {
    /// What is listed.
    pub collection: Nsid,
    /// Only this author.
    pub did: Option<Did>,
    /// At most so many records.
    pub limit: u32,
    /// Where the previous page ended.
    pub after: Option<Position>,
}

/// One page, newest first.
#[derive(Clone, Debug)]
pub struct Page {
    /// At most `limit` records.
    pub records: Vec<Record>,
    /// Present only when there are more.
    pub next: Option<Position>,
}

// Both walk an index from the position downwards and stop at the limit: the work does not depend on how many records
// there are. The first comparison is implied by the second, but it is the one that the index can seek with.

const NEWEST: &str = "
SELECT repos.did, r.rkey, r.cid, json(r.record), r.indexed_at, r.created_at, r.id
FROM record_rows r
JOIN repos ON repos.id = r.repo_id
WHERE r.collection_id = (SELECT id FROM collections WHERE nsid = $1)
  AND r.visible = 1
  AND r.created_at <= $2 AND (r.created_at, r.id) < ($2, $3)
ORDER BY r.created_at DESC, r.id DESC
LIMIT $4";

const NEWEST_OF_REPO: &str = "
SELECT repos.did, r.rkey, r.cid, json(r.record), r.indexed_at, r.created_at, r.id
FROM record_rows r
JOIN repos ON repos.id = r.repo_id
WHERE r.collection_id = (SELECT id FROM collections WHERE nsid = $1)
  AND r.repo_id = (SELECT id FROM repos WHERE did = $5)
  AND r.visible = 1
  AND r.created_at <= $2 AND (r.created_at, r.id) < ($2, $3)
ORDER BY r.created_at DESC, r.id DESC
LIMIT $4";

impl Records {
    /// One page of a collection, newest first by the time a record was first seen here.
    pub async fn list(&self, query: ListQuery) -> Result<Page, Error> {
        self.index.read_brief(move |conn| page(conn, &query)).await
    }
}

fn page(conn: &mut Conn<'_>, query: &ListQuery) -> Result<Page, Error> {
    let after = query.after.unwrap_or(Position::START);
    let collection = query.collection.as_str();
    // One more than asked for tells whether there is a next page.
    let limit = i64::from(query.limit) + 1;
    let mut params = vec![v(collection), v(after.created_at), v(after.id), v(limit)];
    let sql = match &query.did {
        Some(did) => {
            params.push(v(did.as_str()));
            NEWEST_OF_REPO
        }
        None => NEWEST,
    };
    let mut rows =
        conn.query(sql, &params, |row| Ok::<_, Error>((Record::from_row(row, collection)?, row.int(6)?)))?;
    let wanted = query.limit as usize;
    let more = rows.len() > wanted;
    rows.truncate(wanted);
    let next =
        rows.last().filter(|_| more).map(|(record, id)| Position { created_at: record.created_at, id: *id });
    let next = if faults::mutant!("records-page-repeats-its-end") {
        next.map(|it| Position { id: it.id + 1, ..it })
    } else {
        next
    };
    Ok(Page { records: rows.into_iter().map(|(record, _)| record).collect(), next })
}

#[cfg(test)]
pub(crate) const LIST_STATEMENTS: [&str; 2] = [NEWEST, NEWEST_OF_REPO];
