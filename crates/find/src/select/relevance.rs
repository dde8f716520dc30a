//! The best matches first.
//!
//! To find the best of all matches one would have to look at each of them, and every new record could shift the pages. So
//! matches are taken two hundred at a time, the newest first, and only among those the best come first. A cursor says
//! which two hundred a page belongs to; records that come later are before them, and records that go leave no gap.

use store::Conn;

use super::Selection;
use super::candidate::Candidate;
use super::cursor::{self, Standing};
use super::page::Page;
use super::source::{Source, Way};
use crate::Error;

/// Matches among which the best come first.
const BLOCK: usize = 200;

/// `source` gives candidates with an id below another, the greatest first.
pub(super) fn page<'s>(
    conn: &mut Conn<'_>,
    selection: &Selection,
    source: impl Fn(i64) -> Source<'s>,
) -> Result<Page, Error> {
    let wanted = selection.limit as usize + 1;
    let mut after = selection.cursor.as_deref().map(cursor::standing).transpose()?;
    let mut top = after.map_or(i64::MAX, |after| after.top);
    let mut page: Vec<(Standing, Candidate)> = Vec::new();
    loop {
        let (mut block, low) = block(conn, selection, source(top), after.map(|after| after.low))?;
        block.sort_by_key(|(score, candidate)| std::cmp::Reverse((*score, candidate.id)));
        let standing = |score, id| Standing { top, low, score, id };
        let passed = after.take();
        let rest = block
            .into_iter()
            .filter(|(score, candidate)| {
                passed.is_none_or(|passed| (*score, candidate.id) < (passed.score, passed.id))
            })
            .map(|(score, candidate)| (standing(score, candidate.id), candidate));
        page.extend(rest.take(wanted - page.len()));
        if page.len() == wanted || low == i64::MIN {
            break;
        }
        top = low;
    }
    let more = page.len() == wanted;
    page.truncate(wanted - 1);
    let cursor = page.last().filter(|_| more).map(|(standing, _)| cursor::of_standing(*standing));
    Ok((page.into_iter().map(|(_, candidate)| candidate.record).collect(), cursor))
}

/// The next matches with their scores, down to and including the id `low`, or else so many as make a block; and the id down
/// to which they reach, the least there is if there are no more.
fn block(
    conn: &mut Conn<'_>,
    selection: &Selection,
    mut source: Source<'_>,
    low: Option<i64>,
) -> Result<(Vec<(i64, Candidate)>, i64), Error> {
    let mut block = Vec::new();
    while let Some(candidates) = source.next(conn)? {
        for candidate in candidates {
            if low.is_some_and(|low| candidate.id < low) {
                return Ok((block, low.unwrap_or(i64::MIN)));
            }
            if candidate.fulfils(selection)
                && let Some(score) = candidate.score(selection)
            {
                let id = candidate.id;
                block.push((score, candidate));
                if low.is_none() && block.len() == BLOCK {
                    return Ok((block, id));
                }
            }
        }
    }
    Ok((block, low.unwrap_or(i64::MIN)))
}

impl Way<'_> {
    /// Ids below another, the greatest first.
    pub(super) fn below(ids: &[i64], before: i64) -> Self {
        let mut below: Vec<i64> = ids.iter().copied().filter(|id| *id < before).collect();
        below.sort_unstable_by_key(|id| std::cmp::Reverse(*id));
        Self::Ids(below.into_iter())
    }
}
