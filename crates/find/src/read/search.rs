//! `db.search`.

use atproto::Nsid;
use clock::now_micros;
use store::{Conn, v};

use super::Budget;
use super::keyed::Keyed;
use super::part::Part;
use super::rows::rows;
use super::stretches::Stretches;
use crate::sql::Order;
use crate::trigram::{self, Standing};
use crate::{Direction, Error, Find, Found, Path, Search};

/// What a search came to.
#[derive(Default)]
struct Answer {
    found: Vec<Found>,
    /// All records were looked at, and they are so many that the next search should not have to.
    wants_index: bool,
}

impl Find {
    /// The records whose field contains the text, the best match first.
    ///
    /// Without an index of the field all records are looked at. Where
    /// [`with_search_indexes`](Self::with_search_indexes) says so, the first search has one built for those to come.
    pub async fn search(&self, search: Search) -> Result<Vec<Found>, Error> {
        let (collection, field) = (search.collection.clone(), search.field.clone());
        let (limit, indexed_from) = (self.time_limit, self.indexed_from);
        let read = move |conn: &mut Conn<'_>| answer(conn, &search, Budget::new(limit), indexed_from);
        let answer = self.index.read(read).await?;
        if answer.wants_index {
            let find = self.clone();
            tokio::spawn(async move {
                if let Err(error) = find.index_field(&collection, &field).await {
                    tracing::warn!(%error, %collection, %field, "no search index: searches look at every record");
                }
            });
        }
        Ok(answer.found)
    }

    /// Builds the index that makes searching a field fast, and waits for it. `false` if there is nothing to do: it is
    /// there, somebody else builds it, it was tried in vain a short while ago, or there are enough indexes.
    pub async fn index_field(&self, collection: &Nsid, field: &Path) -> Result<bool, Error> {
        trigram::build(&self.index, collection, field).await
    }
}

fn answer(
    conn: &mut Conn<'_>,
    search: &Search,
    budget: Budget,
    indexed_from: Option<i64>,
) -> Result<Answer, Error> {
    let Some(part) = Part::find(conn, &search.collection, None)? else { return Ok(Answer::default()) };
    let text = search.text.to_ascii_lowercase();
    let keyed = Keyed {
        part,
        order: Order::Match { field: &search.field, text: &text },
        direction: Direction::Ascending,
        filter: None,
        after: None,
        limit: search.limit as usize,
    };
    let standing = trigram::standing(conn, part.collection_id, &search.field, now_micros())?;
    let matching = match standing {
        Standing::Ready(id) => Stretches::matching(conn.engine(), part, (id, &search.field), &text, budget),
        Standing::Absent | Standing::Missing => None,
    };
    let first = match matching {
        Some(matching) => budget.bound(conn, |conn| keyed.first_of(conn, matching))?,
        None => keyed.first(conn, budget)?,
    };
    let ids: Vec<i64> = first.into_iter().map(|(_, id)| id).collect();
    Ok(Answer {
        found: rows(conn, search.collection.as_str(), &ids)?,
        wants_index: match indexed_from {
            Some(from) if standing == Standing::Missing => records(conn, part)? >= from,
            _ => false,
        },
    })
}

fn records(conn: &mut Conn<'_>, part: Part) -> Result<i64, Error> {
    const SQL: &str = "SELECT records FROM collections WHERE id = $1";
    conn.query_one(SQL, &[v(part.collection_id)], |row| Ok(row.int(0)?))
}
