//! A page that is the first entries of an index.

use store::Conn;

use super::candidate::Candidate;
use super::plan::Choice;
use super::{Explained, Selected, Selection, cursor, page, run};
use crate::Error;
use crate::index::Listed;
use crate::select::Arrangement;

/// Records of a page that is looked up, at most.
const MOST: u32 = 50;

/// Stretches of an index that are looked up, at most.
const MAX_STRETCHES: usize = 4;

/// The answer, if the entries that an index has first are all that it takes: so few rows that handing them from thread to
/// thread would cost more than reading them.
pub(super) fn look_up(conn: &mut Conn<'_>, selection: &Selection) -> Result<Option<Selected>, Error> {
    let Arrangement::By(order, direction) = &selection.order else { return Ok(None) };
    let has_few = selection.limit <= MOST && selection.words.is_none() && selection.did.is_none();
    if !has_few || run::part(conn, selection)?.is_none() {
        return Ok(None);
    }
    let choice = Choice::of(selection, &Listed::ready(conn, &selection.collection)?);
    let complete = choice.is_complete(selection);
    let Some((lookup, _)) =
        choice.walk.filter(|(lookup, _)| complete && lookup.prefixes.len() <= MAX_STRETCHES)
    else {
        return Ok(None);
    };
    let after = selection.cursor.as_deref().map(|text| cursor::place(order, *direction, text)).transpose()?;
    let wanted = selection.limit as usize + 1;
    let ids = lookup.walk(*direction, after.as_deref()).next(conn, wanted)?;
    let candidates = Candidate::fetch(conn, selection.collection.as_str(), &ids)?;
    let found: Vec<_> = candidates.into_iter().filter(|candidate| candidate.is_answer(selection)).collect();
    // Of some the record is not served: there are more entries to look at. Whoever removes an index says so before.
    if (found.len() < ids.len() && ids.len() == wanted) || !lookup.index.still_stands(conn)? {
        return Ok(None);
    }
    let (records, cursor) =
        page::cut(found, selection, |last| cursor::of_place(order, *direction, &last.place(order)));
    Ok(Some(Selected { records, cursor, explained: Explained::walk(selection, &lookup) }))
}
