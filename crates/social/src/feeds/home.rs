//! What those wrote and boosted whom somebody follows, without a table of it.
//!
//! The newest twenty entries come from at most twenty accounts, namely those with the newest entry each. So each account that is
//! followed costs one look into an index for its newest, and only the first of these are read further. It is exact, it costs what somebody
//! follows and not what there is, and nothing is written for anybody when a thought is.

use store::Conn;

use super::mentions::mentions;
use super::source::{boosted, merge, thoughts};
use super::{Entry, Span};
use crate::{Error, Id};

pub(super) fn home(conn: &mut Conn<'_>, viewer: Id, span: Span, limit: usize) -> Result<Vec<Entry>, Error> {
    let mut parts = vec![thoughts(conn, &format!("user_id = {viewer}"), span, limit)?];
    let (writers, rest) =
        first(conn, viewer, span, limit, "social_thoughts", "e.visibility <> 'private'", "f.follower > 0")?;
    for writer in writers {
        let condition = format!("user_id = {writer} AND visibility <> 'private'");
        parts.push(thoughts(conn, &condition, rest, limit)?);
    }
    let (boosters, rest) =
        first(conn, viewer, span, limit, "social_boosts", "e.id > 0", "f.show_boosts = 1")?;
    for booster in boosters {
        parts.push(boosted(conn, Id(booster), rest, limit)?);
    }
    // Of those who are not followed there is a notification.
    let followed = format!(
        "EXISTS (SELECT 1 FROM social_follows f WHERE f.follower = {viewer} AND f.followed = t.user_id AND f.state = 'accepted')"
    );
    parts.push(mentions(conn, viewer, span, limit, &followed)?);
    Ok(merge(span, limit, parts))
}

/// The accounts with the first entries, and the part of the span where the first of all entries are: if there is a head for each entry
/// that is wanted, nothing beyond the last head is among them.
fn first(
    conn: &mut Conn<'_>,
    viewer: Id,
    span: Span,
    limit: usize,
    table: &str,
    entry: &str,
    follow: &str,
) -> Result<(Vec<i64>, Span), Error> {
    let sql = heads(viewer, span, limit, table, entry, follow);
    let heads = conn.query(&sql, &[], |row| Ok::<_, Error>((row.int(0)?, row.opt_int(1)?)))?;
    let is_full = heads.len() == limit;
    let rest = match heads.last() {
        Some((_, Some(head))) if is_full && span.upwards => {
            Span { below: Id(head + 1).min(span.below), ..span }
        }
        Some((_, Some(head))) if is_full => Span { above: Id(head - 1).max(span.above), ..span },
        _ => span,
    };
    Ok((heads.into_iter().filter_map(|(account, head)| head.map(|_| account)).collect(), rest))
}

/// Accounts with their first entries, those without one at the end: to leave these out here would be to look for each entry twice.
pub(super) fn heads(viewer: Id, span: Span, limit: usize, table: &str, entry: &str, follow: &str) -> String {
    let walk = span.of("e.id");
    let direction = if span.upwards { "ASC" } else { "DESC" };
    format!(
        "SELECT f.followed, (SELECT {}(e.id) FROM {table} e WHERE e.user_id = f.followed AND {entry} AND {}) AS head
         FROM social_follows f WHERE f.follower = {viewer} AND f.state = 'accepted' AND {follow}
         ORDER BY head {direction} NULLS LAST LIMIT {limit}",
        walk.first, walk.condition
    )
}
