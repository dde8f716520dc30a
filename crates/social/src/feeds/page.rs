//! A page of a feed, for somebody.

use std::collections::HashSet;

use store::{Conn, v};

use super::{Entry, Source, Span, Wanted};
use crate::visibility::rule;
use crate::{Error, Id, sql};

/// How often a walk goes on when what it came across is not shown.
const MAX_ROUNDS: usize = 10;

/// Entries that are looked at in the first round, at least, and in any: each looks at twice as many as the one before, so that few
/// rounds do where much is left out.
const MIN_ROUND: usize = 40;
const MAX_ROUND: usize = 640;

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
    let (mut rest, mut entries, mut before) = (span, Vec::new(), None);
    let mut size = limit.max(MIN_ROUND);
    for _ in 0..MAX_ROUNDS {
        let raw = source.read(conn, rest, size)?;
        let Some(last) = raw.last().map(|entry| entry.at) else { return Ok(Page { entries, next: None }) };
        let is_end = raw.len() < size;
        for entry in shown(conn, source, viewer, now, wanted, raw)? {
            // Whoever is named twice in a thought has two marks there, one after the other.
            if before.replace(entry) == Some(entry) {
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
        size = (size * 2).min(MAX_ROUND.max(limit));
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
    let (sees, lists) = (rule::sees(who), rule::lists(who, "$3"));
    let rule = match source {
        // Whoever looks at somebody's own page, or at their own marks, asked for them by name; not for those whom somebody boosted.
        Source::Of { boosts: true, .. } if viewer.is_some() => {
            format!("{sees} AND (t.user_id = $4 OR {lists})")
        }
        Source::Of { .. } | Source::Liked(_) | Source::Bookmarked(_) => sees,
        // Nobody is put before everybody whom the moderators have silenced.
        Source::Local | Source::Everywhere | Source::Tag(_) => {
            format!("{lists} AND {}", rule::heard("t.user_id", who))
        }
        Source::Home(_) | Source::Private(_) => lists,
    };
    let sql = format!(
        "SELECT t.id FROM social_thoughts t WHERE t.id {} AND {rule} AND {}",
        thoughts.among(1),
        wanted.condition()
    );
    let of = match source {
        Source::Of { user, .. } => user.0,
        _ => 0,
    };
    let params = [thoughts.value(), v(viewer.map(|viewer| viewer.0)), v(now), v(of)];
    let shown = conn.query(&sql, &params, |row| Ok::<_, Error>(Id(row.int(0)?)))?;
    let shown: HashSet<Id> = shown.into_iter().collect();
    let boosts =
        if wanted.hide_boosts { HashSet::new() } else { boosts(conn, source, viewer, now, &entries)? };
    let kept = entries.into_iter().filter(|entry| {
        shown.contains(&entry.thought) && (entry.boosted_by.is_none() || boosts.contains(&entry.at))
    });
    Ok(kept.collect())
}

/// Which boosts are shown: by somebody whom the viewer wants to see, of what is not there already. That is decided of each by itself,
/// so that it is the same on whichever page: a thought has its place where its author put it, or else where it was boosted last.
fn boosts(
    conn: &mut Conn<'_>,
    source: Source,
    viewer: Option<Id>,
    now: i64,
    entries: &[Entry],
) -> Result<HashSet<Id>, Error> {
    let places: Vec<i64> =
        entries.iter().filter(|entry| entry.boosted_by.is_some()).map(|entry| entry.at.0).collect();
    if places.is_empty() {
        return Ok(HashSet::new());
    }
    let places = sql::Ids::new(conn.engine(), places);
    let bears = |who: &str| viewer.map_or_else(|| "1 = 1".to_owned(), |_| rule::bears(who, "$2", "$3"));
    let is_there = |who: &str| {
        format!("NOT EXISTS (SELECT 1 FROM social_users x WHERE x.id = {who} AND x.suspended_at IS NOT NULL)")
    };
    let follows =
        "SELECT 1 FROM social_follows f WHERE f.follower = $2 AND f.state = 'accepted' AND f.followed =";
    let once = match source {
        _ if faults::mutant!("social-feed-shows-twice") => "1 = 1".to_owned(),
        Source::Home(_) => format!(
            "t.user_id <> $2 AND NOT EXISTS ({follows} t.user_id)
             AND NOT EXISTS (SELECT 1 FROM social_boosts n WHERE n.thought_id = e.thought_id AND n.id > e.id
                 AND EXISTS ({follows} n.user_id AND f.show_boosts = 1) AND {} AND {})",
            is_there("n.user_id"),
            bears("n.user_id")
        ),
        _ => "t.user_id <> e.user_id".to_owned(),
    };
    let sql = format!(
        "SELECT e.id FROM social_boosts e JOIN social_thoughts t ON t.id = e.thought_id
         WHERE e.id {} AND {} AND {} AND {once}",
        places.among(1),
        is_there("e.user_id"),
        bears("e.user_id")
    );
    let params = [places.value(), v(viewer.map(|viewer| viewer.0)), v(now)];
    let found = conn.query(&sql, &params, |row| Ok::<_, Error>(Id(row.int(0)?)))?;
    Ok(found.into_iter().collect())
}
