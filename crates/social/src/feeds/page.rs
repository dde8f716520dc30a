//! A page of a feed, for somebody.

use std::collections::HashSet;

use store::{Conn, v};

use super::{Entry, Source, Span, Wanted};
use crate::visibility::rule;
use crate::{Error, Id, sql};

/// How often a walk goes on when what it came across is not shown.
const MAX_ROUNDS: usize = 10;

/// Entries that are looked at in one round, at least: where much is left out, few rounds do.
const MIN_ROUND: usize = 40;

/// A stretch of a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// What is shown, in the order of the span.
    pub entries: Vec<Entry>,
    /// Where to go on, if there may be more.
    pub next: Option<Id>,
}

/// Up to `limit` entries that `viewer` may see and wants to.
pub fn page(
    conn: &mut Conn<'_>,
    source: Source,
    viewer: Option<Id>,
    now: i64,
    span: Span,
    limit: usize,
    wanted: Wanted,
) -> Result<Page, Error> {
    let (mut rest, mut entries, mut seen) = (span, Vec::new(), HashSet::new());
    let size = limit.max(MIN_ROUND).min(limit * 2);
    for _ in 0..MAX_ROUNDS {
        let raw = source.read(conn, rest, size)?;
        let Some(last) = raw.last().map(|entry| entry.at) else { return Ok(Page { entries, next: None }) };
        let is_end = raw.len() < size;
        let shown = shown(conn, source, viewer, now, wanted, raw)?;
        let own: HashSet<Id> =
            shown.iter().filter(|entry| entry.boosted_by.is_none()).map(|entry| entry.thought).collect();
        for entry in shown {
            // Each thought once, and its author's own entry before boosts of it.
            let is_shadow = entry.boosted_by.is_some() && own.contains(&entry.thought);
            if is_shadow || (!seen.insert(entry.thought) && !faults::mutant!("social-feed-shows-twice")) {
                continue;
            }
            if entries.len() == limit {
                let is_one_off = faults::mutant!("social-feed-loses-one");
                let next = entries.last().map(|last: &Entry| if is_one_off { entry.at } else { last.at });
                return Ok(Page { entries, next });
            }
            entries.push(entry);
        }
        if is_end {
            return Ok(Page { entries, next: None });
        }
        rest = rest.after(last);
    }
    let next = if span.upwards { rest.above } else { rest.below };
    Ok(Page { entries, next: Some(next) })
}

/// Without what is left out, by one statement.
fn shown(
    conn: &mut Conn<'_>,
    source: Source,
    viewer: Option<Id>,
    now: i64,
    wanted: Wanted,
    entries: Vec<Entry>,
) -> Result<Vec<Entry>, Error> {
    let thoughts = sql::Ids::new(conn.engine(), entries.iter().map(|entry| entry.thought.0));
    let who = viewer.map(|_| "$2");
    // Whoever looks at somebody's own page, or at their own marks, asked for them by name.
    let rule = match source {
        Source::Of { .. } | Source::Liked(_) | Source::Bookmarked(_) => rule::sees(who),
        _ => rule::lists(who, "$3"),
    };
    let sql = format!(
        "SELECT t.id FROM social_thoughts t WHERE t.id {} AND {rule} AND {}",
        thoughts.among(1),
        wanted.condition()
    );
    let params = [thoughts.value(), v(viewer.map(|viewer| viewer.0)), v(now)];
    let shown = conn.query(&sql, &params, |row| Ok::<_, Error>(Id(row.int(0)?)))?;
    let shown: HashSet<Id> = shown.into_iter().collect();
    let boosters = boosters(conn, viewer, now, &entries)?;
    let kept = entries.into_iter().filter(|entry| {
        let boost_is_shown =
            entry.boosted_by.is_none_or(|who| !wanted.hide_boosts && boosters.contains(&who));
        shown.contains(&entry.thought) && boost_is_shown
    });
    Ok(kept.collect())
}

/// Those who boosted and whom the viewer wants to see.
fn boosters(
    conn: &mut Conn<'_>,
    viewer: Option<Id>,
    now: i64,
    entries: &[Entry],
) -> Result<HashSet<Id>, Error> {
    let who: HashSet<Id> = entries.iter().filter_map(|entry| entry.boosted_by).collect();
    if who.is_empty() {
        return Ok(who);
    }
    let who = sql::Ids::new(conn.engine(), who.into_iter().map(|who| who.0));
    let bears = viewer.map_or_else(|| "u.id > 0".to_owned(), |_| rule::bears("u.id", "$2", "$3"));
    let sql = format!(
        "SELECT u.id FROM social_users u WHERE u.id {} AND u.suspended_at IS NULL AND {bears}",
        who.among(1)
    );
    let params = [who.value(), v(viewer.map(|viewer| viewer.0)), v(now)];
    let found = conn.query(&sql, &params, |row| Ok::<_, Error>(Id(row.int(0)?)))?;
    Ok(found.into_iter().collect())
}
