//! Where the entries of a feed come from.

use store::{Conn, v};

use super::home::home;
use super::{Entry, Span};
use crate::{Error, Id};

/// What everybody may see.
pub(super) const PUBLIC: &str = "visibility = 'public'";

/// Of that, what was written here.
pub(super) const LOCAL: &str = "local = 1 AND visibility = 'public'";

/// What somebody wrote or marked.
pub(super) const OWN: &str = "user_id = $3";

/// What has a topic.
pub(super) const TAGGED: &str = "tag_id = $3";

/// Where somebody is mentioned and few others may see it.
pub(super) const ADDRESSED: &str = "user_id = $3 AND private = 1";

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
            Self::Local => entries(conn, &walk("social_thoughts", LOCAL, span, limit), span, None),
            Self::Everywhere => entries(conn, &walk("social_thoughts", PUBLIC, span, limit), span, None),
            Self::Of { user, boosts: false } => marked(conn, "social_thoughts", user, span, limit),
            Self::Of { user, boosts: true } => {
                let own = marked(conn, "social_thoughts", user, span, limit)?;
                let mut boosts = marked(conn, "social_boosts", user, span, limit)?;
                for boost in &mut boosts {
                    boost.boosted_by = Some(user);
                }
                Ok(merge(span, limit, [own, boosts]))
            }
            Self::Tag(tag) => {
                entries(conn, &walk("social_thought_tags", TAGGED, span, limit), span, Some(tag))
            }
            Self::Private(Id(user)) => {
                entries(conn, &walk("social_thought_mentions", ADDRESSED, span, limit), span, Some(user))
            }
            Self::Liked(user) => marked(conn, "social_likes", user, span, limit),
            Self::Bookmarked(user) => marked(conn, "social_bookmarks", user, span, limit),
        }
    }
}

/// The walk of an index under a condition that it has: entries by their place and their thought.
pub(super) fn walk(table: &str, condition: &str, span: Span, limit: usize) -> String {
    let (place, thought) = match table {
        "social_thoughts" => ("id", "id"),
        "social_thought_tags" | "social_thought_mentions" => ("thought_id", "thought_id"),
        _ => ("id", "thought_id"),
    };
    format!(
        "SELECT {place}, {thought} FROM {table} WHERE {condition} AND {place} < $1 AND {place} > $2
         ORDER BY {place} {} LIMIT {limit}",
        span.direction()
    )
}

/// What is somebody's own, at the places where it is.
fn marked(conn: &mut Conn<'_>, table: &str, user: Id, span: Span, limit: usize) -> Result<Vec<Entry>, Error> {
    entries(conn, &walk(table, OWN, span, limit), span, Some(user.0))
}

fn entries(conn: &mut Conn<'_>, sql: &str, span: Span, of: Option<i64>) -> Result<Vec<Entry>, Error> {
    let [below, above] = span.ends();
    conn.query(sql, &[below, above, v(of)], |row| {
        Ok(Entry { at: Id(row.int(0)?), thought: Id(row.int(1)?), boosted_by: None })
    })
}

/// The first of several stretches of the same span.
pub(super) fn merge(span: Span, limit: usize, parts: impl IntoIterator<Item = Vec<Entry>>) -> Vec<Entry> {
    let mut all: Vec<Entry> = parts.into_iter().flatten().collect();
    all.sort_by(|one, other| span.compare(one.at, other.at));
    all.truncate(limit);
    all
}
