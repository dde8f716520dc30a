//! A page that is the first entries of an index.

use records::Record;
use store::{Conn, Row, v};

use super::candidate::{COLUMNS, record};
use super::count::is_exact;
use super::plan::Choice;
use super::{Arrangement, Explained, Selected, Selection, cursor};
use crate::index::{COMPLETE, Listed};
use crate::{Direction, Error};

/// Records of a page that is looked up, at most.
const MOST: u32 = 50;

/// An entry of an index, and its record if that is served.
struct Entry {
    key: Vec<u8>,
    record: Option<Record>,
    stands: bool,
}

/// The answer, if the entries that an index has first are all that it takes. Keys and records are read by one statement, so they agree;
/// and so few that handing them from thread to thread would cost more than reading them. `None`: it takes more than that.
pub(super) fn look_up(conn: &mut Conn<'_>, selection: &Selection) -> Result<Option<Selected>, Error> {
    let Arrangement::By(order, direction) = &selection.order else { return Ok(None) };
    if selection.limit > MOST || !is_exact(selection) {
        return Ok(None);
    }
    let choice = Choice::of(selection, &Listed::ready(conn, &selection.collection)?);
    let is_complete = choice.is_complete(selection);
    let Some((lookup, _)) = choice.walk.filter(|_| is_complete) else { return Ok(None) };
    let [prefix] = lookup.prefixes.as_slice() else { return Ok(None) };
    let after = selection.cursor.as_deref().map(|text| cursor::place(order, *direction, text)).transpose()?;
    let (from, to) = lookup.ends(prefix, *direction, after.as_deref());
    let wanted = selection.limit as usize + 1;
    let sql = sql(*direction);
    let params =
        [v(lookup.index.id), v(&from), v(&to), v(selection.limit + 1), v(lookup.index.made_at), v(COMPLETE)];
    let collection = selection.collection.as_str();
    let mut found = conn.query(&sql, &params, |row| Entry::read(row, collection))?;
    let is_all = found.iter().all(|row| row.stands) && !found.is_empty();
    // Where the record of an entry is not served there are more entries to look at.
    if !is_all || (found.len() == wanted && found.iter().any(|row| row.record.is_none())) {
        return Ok(None);
    }
    let has_more = found.len() == wanted;
    found.truncate(selection.limit as usize);
    let last = found.last().filter(|_| has_more);
    let cursor = last.map(|last| cursor::of_place(order, *direction, &last.key[prefix.len()..]));
    let records = found.into_iter().filter_map(|row| row.record).collect();
    Ok(Some(Selected { records, cursor, explained: Explained::walk(selection, &lookup) }))
}

fn sql(direction: Direction) -> String {
    let (range, order) = match direction {
        Direction::Ascending => ("key > $2 AND key < $3", "ASC"),
        Direction::Descending => ("key < $2 AND key > $3", "DESC"),
    };
    format!(
        "SELECT {COLUMNS}, e.key,
             (SELECT 1 FROM query_indexes WHERE id = $1 AND made_at = $5 AND wanted = 1 AND built = $6)
         FROM (SELECT key, record_id FROM query_entries WHERE index_id = $1 AND {range} ORDER BY key {order} LIMIT $4) e
         LEFT JOIN record_rows r ON r.id = e.record_id AND r.visible = 1
         LEFT JOIN repos ON repos.id = r.repo_id ORDER BY e.key {order}"
    )
}

impl Entry {
    fn read(row: &Row<'_>, collection: &str) -> Result<Self, store::Error> {
        let record = row.opt_int(6)?.map(|_| record(row, collection)).transpose()?;
        Ok(Self { key: row.blob(7)?.to_vec(), record, stands: row.opt_int(8)?.is_some() })
    }
}
