//! The first records of a query that an index has narrowed down.

use store::Conn;

use super::Budget;
use super::keyed::Keyed;
use super::stretches::{Stretch, Stretches};
use crate::Error;
use crate::key::Key;
use crate::select::{Along, Narrowed, place};

/// Rows that are looked at at a time.
const ROWS: usize = 256;

/// The keys and row ids of the first records in the order of a field; `None` if the index went away meanwhile.
pub(super) fn first(
    conn: &mut Conn<'_>,
    keyed: &Keyed<'_>,
    narrowed: Narrowed,
    budget: Budget,
) -> Result<Option<Vec<(Key, i64)>>, Error> {
    match narrowed {
        Narrowed::Few(ids) => keyed.first_of(conn, Stretches::listed(ids)).map(Some),
        Narrowed::Along(along) => {
            let first = walk(conn, keyed, &along, budget)?;
            Ok(along.still_stands(conn)?.then_some(first))
        }
    }
}

fn walk(
    conn: &mut Conn<'_>,
    keyed: &Keyed<'_>,
    along: &Along,
    budget: Budget,
) -> Result<Vec<(Key, i64)>, Error> {
    let after = keyed.after.map(place);
    let mut walk = along.walk(after.as_deref());
    let mut first = Vec::new();
    while first.len() < keyed.limit {
        budget.check()?;
        let ids = walk.next(conn, (keyed.limit - first.len()).min(ROWS))?;
        if ids.is_empty() {
            break;
        }
        first.extend(keyed.of(conn, &Stretch::Listed(ids))?);
    }
    first.truncate(keyed.limit);
    Ok(first)
}
