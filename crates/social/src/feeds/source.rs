//! Where the entries of a feed come from.

use store::{Conn, v};

use super::home::home;
use super::mentions::mentions;
use super::{Entry, Span};
use crate::{Error, Id};

/// What everybody may see.
pub(super) const PUBLIC: &str = "visibility = 'public'";

/// Of that, what was written here.
pub(super) const LOCAL: &str = "local = 1 AND visibility = 'public'";

/// A feed, before anything is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Of those whom somebody follows, and their own.
    Home(Id),
    /// What everybody may see and was written here.
    Local,
    /// What everybody may see, from everywhere.
    Everywhere,
    /// What somebody wrote, and what they boosted if that is wanted.
    Of {
        /// Who.
        user: Id,
        /// Whether boosts are in it.
        boosts: bool,
    },
    /// With this topic.
    Tag(i64),
    /// Where somebody is mentioned and few others may see it.
    Private(Id),
    /// What somebody likes.
    Liked(Id),
    /// What somebody keeps a mark in.
    Bookmarked(Id),
}

impl Source {
    /// The topic of a name in whatever case, if anybody ever used it.
    pub fn tag(conn: &mut Conn<'_>, name: &str) -> Result<Option<Self>, Error> {
        let sql = "SELECT id FROM social_tags WHERE name = $1";
        let found = conn.query_opt(sql, &[v(&name.to_lowercase())], |row| row.int(0))?;
        Ok(found.map(Self::Tag))
    }

    /// Up to `limit` entries of a span, in its order.
    pub(super) fn read(self, conn: &mut Conn<'_>, span: Span, limit: usize) -> Result<Vec<Entry>, Error> {
        match self {
            Self::Home(viewer) => home(conn, viewer, span, limit),
            Self::Local => thoughts(conn, LOCAL, span, limit),
            Self::Everywhere => thoughts(conn, PUBLIC, span, limit),
            Self::Of { user: Id(user), boosts: false } => {
                thoughts(conn, &format!("user_id = {user}"), span, limit)
            }
            Self::Of { user, boosts: true } => {
                let own = thoughts(conn, &format!("user_id = {}", user.0), span, limit)?;
                Ok(merge(span, limit, [own, boosted(conn, user, span, limit)?]))
            }
            Self::Tag(tag) => {
                let sql = walk(
                    "social_thought_tags",
                    ("thought_id", "thought_id"),
                    &format!("tag_id = {tag}"),
                    span,
                    limit,
                );
                entries(conn, &sql, None)
            }
            Self::Private(user) => mentions(conn, user, span, limit, "t.id > 0"),
            Self::Liked(user) => marked(conn, "social_likes", user, span, limit),
            Self::Bookmarked(user) => marked(conn, "social_bookmarks", user, span, limit),
        }
    }
}

/// The walk of an index: entries by their place and their thought.
pub(super) fn walk(
    table: &str,
    (place, thought): (&str, &str),
    condition: &str,
    span: Span,
    limit: usize,
) -> String {
    let walk = span.of(place);
    format!(
        "SELECT {place}, {thought} FROM {table} WHERE {condition} AND {} ORDER BY {} LIMIT {limit}",
        walk.condition, walk.order
    )
}

/// Thoughts under a condition that an index has.
pub(super) fn thoughts(
    conn: &mut Conn<'_>,
    condition: &str,
    span: Span,
    limit: usize,
) -> Result<Vec<Entry>, Error> {
    let sql = walk("social_thoughts", ("id", "id"), condition, span, limit);
    entries(conn, &sql, None)
}

/// What somebody boosted, at the places of the boosts.
pub(super) fn boosted(conn: &mut Conn<'_>, user: Id, span: Span, limit: usize) -> Result<Vec<Entry>, Error> {
    let mut boosts = marked(conn, "social_boosts", user, span, limit)?;
    for boost in &mut boosts {
        boost.boosted_by = Some(user);
    }
    Ok(boosts)
}

fn marked(conn: &mut Conn<'_>, table: &str, user: Id, span: Span, limit: usize) -> Result<Vec<Entry>, Error> {
    let sql = walk(table, ("id", "thought_id"), &format!("user_id = {user}"), span, limit);
    entries(conn, &sql, None)
}

/// Rows of a place and a thought.
pub(super) fn entries(conn: &mut Conn<'_>, sql: &str, boosted_by: Option<Id>) -> Result<Vec<Entry>, Error> {
    conn.query(sql, &[], |row| Ok(Entry { at: Id(row.int(0)?), thought: Id(row.int(1)?), boosted_by }))
}

/// The first of several stretches of the same span.
pub(super) fn merge(span: Span, limit: usize, parts: impl IntoIterator<Item = Vec<Entry>>) -> Vec<Entry> {
    let mut all: Vec<Entry> = parts.into_iter().flatten().collect();
    all.sort_by(|one, other| span.compare(one.at, other.at));
    all.truncate(limit);
    all
}
