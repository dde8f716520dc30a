//! A page of the candidates that are answers.

use store::Conn;

use super::candidate::Candidate;
use super::source::Source;
use super::{Selection, cursor};
use crate::index::Order;
use crate::{Direction, Error};

/// The records of a page and where it ends.
pub(super) type Page = (Vec<records::Record>, Option<String>);

/// Of a source in the order asked for, which begins where the page does.
pub(super) fn in_order(
    conn: &mut Conn<'_>,
    selection: &Selection,
    (order, direction): (&Order, Direction),
    mut source: Source<'_>,
) -> Result<Page, Error> {
    // One more than asked for tells whether there is a next page.
    let wanted = selection.limit as usize + 1;
    let mut found = Vec::new();
    while found.len() < wanted
        && let Some(candidates) = source.next(conn)?
    {
        let answers = candidates.into_iter().filter(|candidate| candidate.is_answer(selection));
        found.extend(answers.take(wanted - found.len()));
    }
    Ok(cut(found, selection, |last| cursor::of_place(order, direction, &last.place(order))))
}

/// Of a source in any order, of which all is looked at.
pub(super) fn sorted(
    conn: &mut Conn<'_>,
    selection: &Selection,
    (order, direction): (&Order, Direction),
    mut source: Source<'_>,
    after: Option<&[u8]>,
) -> Result<Page, Error> {
    let wanted = selection.limit as usize + 1;
    let mut first: Vec<(Vec<u8>, Candidate)> = Vec::new();
    while let Some(candidates) = source.next(conn)? {
        for candidate in candidates.into_iter().filter(|candidate| candidate.is_answer(selection)) {
            let place = candidate.place(order);
            let comes = after.is_none_or(|after| match direction {
                Direction::Ascending => place.as_slice() > after,
                Direction::Descending => place.as_slice() < after,
            });
            if comes {
                first.push((place, candidate));
            }
        }
        first.sort_by(|(one, _), (other, _)| match direction {
            Direction::Ascending => one.cmp(other),
            Direction::Descending => other.cmp(one),
        });
        first.truncate(wanted);
    }
    let found = first.into_iter().map(|(_, candidate)| candidate).collect();
    Ok(cut(found, selection, |last| cursor::of_place(order, direction, &last.place(order))))
}

/// A page of what was found, and its cursor if there is more.
fn cut(mut found: Vec<Candidate>, selection: &Selection, cursor: impl Fn(&Candidate) -> String) -> Page {
    let wanted = selection.limit as usize;
    let more = found.len() > wanted;
    found.truncate(wanted);
    let cursor = found.last().filter(|_| more).map(cursor);
    (found.into_iter().map(|candidate| candidate.record).collect(), cursor)
}
