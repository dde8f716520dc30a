//! Feeds in another order than that of time, for readers who ask for it (spec/social.md §3.3).
//!
//! The newest entries of a feed are put in that order: to order everything would cost more with every thought there is.

use store::Conn;

use super::{Entry, Page, Source, Span, Wanted, page};
use crate::{Error, Id, sql};

/// Entries that are put in order.
const WINDOW: usize = 1000;

/// By what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "names say it")]
pub enum Ranking {
    Likes,
    Boosts,
    Replies,
}

/// The newest thousand entries with most likes, boosts or replies first; equal ones by time, newest first.
pub fn ranked(
    conn: &mut Conn<'_>,
    source: Source,
    viewer: Option<Id>,
    now: i64,
    ranking: Ranking,
    wanted: Wanted,
) -> Result<Vec<Entry>, Error> {
    let Page { mut entries, .. } = page(conn, source, viewer, now, Span::default(), WINDOW, wanted)?;
    if entries.is_empty() {
        return Ok(entries);
    }
    let thoughts = sql::Ids::new(conn.engine(), entries.iter().map(|entry| entry.thought.0));
    let column = match ranking {
        Ranking::Likes => "likes",
        Ranking::Boosts => "boosts",
        Ranking::Replies => "replies",
    };
    let sql = format!(
        "SELECT thought_id, {column} FROM social_thought_counts WHERE thought_id {}",
        thoughts.among(1)
    );
    let counts =
        conn.query(&sql, &[thoughts.value()], |row| Ok::<_, Error>((Id(row.int(0)?), row.int(1)?)))?;
    let counts: std::collections::HashMap<Id, i64> = counts.into_iter().collect();
    entries.sort_by_key(|entry| {
        (std::cmp::Reverse(counts.get(&entry.thought).copied()), std::cmp::Reverse(entry.at))
    });
    Ok(entries)
}
