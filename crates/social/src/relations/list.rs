//! Lists of people by what they are to somebody. Each is one walk of an index, newest account first.

use store::Conn;

use crate::{Error, Id, visibility};

/// Which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Who follows them, accepted.
    Followers,
    /// Whom they follow, accepted.
    Following,
    /// Who waits for them to accept.
    Requests,
    /// Who follows them and is followed by them, both accepted.
    Friends,
    /// Whom they block.
    Blocks,
    /// Whom they mute.
    Mutes,
}

impl List {
    /// The column of the people, and the rows.
    const fn source(self) -> (&'static str, &'static str) {
        match self {
            Self::Followers => ("f.follower", "social_follows f WHERE f.followed = $1 AND f.state = 'accepted'"),
            Self::Following => ("f.followed", "social_follows f WHERE f.follower = $1 AND f.state = 'accepted'"),
            Self::Requests => ("f.follower", "social_follows f WHERE f.followed = $1 AND f.state = 'pending'"),
            Self::Friends => (
                "f.followed",
                "social_follows f WHERE f.follower = $1 AND f.state = 'accepted' AND EXISTS (SELECT 1
                     FROM social_follows g WHERE g.follower = f.followed AND g.followed = $1 AND g.state = 'accepted')",
            ),
            Self::Blocks => ("f.blocked", "social_blocks f WHERE f.blocker = $1"),
            Self::Mutes => ("f.muted", "social_mutes f WHERE f.muter = $1"),
        }
    }
}

/// Where people are at home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// Wherever.
    Anywhere,
    /// Here.
    Here,
    /// At another server.
    Elsewhere,
}

impl Home {
    const fn condition(self) -> &'static str {
        match self {
            Self::Anywhere => "",
            Self::Here => "AND x.host IS NULL",
            Self::Elsewhere => "AND x.host IS NOT NULL",
        }
    }
}

/// How much of a list.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Only people before this one.
    pub before: Id,
    /// At most so many.
    pub limit: i64,
    /// After so many.
    pub offset: i64,
}

/// A part of a list about `of`, without those whom the viewer does not want to see, were taken off, or are gone.
pub fn list(
    conn: &mut Conn<'_>,
    now: i64,
    viewer: Option<Id>,
    (list, home): (List, Home),
    of: Id,
    part: Part,
) -> Result<Vec<i64>, Error> {
    let (column, rows) = list.source();
    // One's own lists of whom one does not want to see are about just those.
    let viewer = viewer.filter(|_| !matches!(list, List::Blocks | List::Mutes));
    let bears = viewer
        .map_or_else(String::new, |viewer| format!("AND {}", visibility::rule::bears(column, viewer, now)));
    let (home, Part { before: Id(before), limit, offset }) = (home.condition(), part);
    let sql = format!(
        "SELECT {column} FROM {rows} AND {column} < {before} {bears}
             AND EXISTS (SELECT 1 FROM social_users x WHERE x.id = {column} AND x.suspended_at IS NULL
                             AND x.deleted_at IS NULL {home})
         ORDER BY {column} DESC LIMIT {limit} OFFSET {offset}"
    );
    Ok(conn.query(&sql, &[of.into()], |row| row.int(0))?)
}

/// How long a list is that nobody counts otherwise.
pub fn count(conn: &mut Conn<'_>, (list, home): (List, Home), of: Id) -> Result<i64, Error> {
    let ((column, rows), home) = (list.source(), home.condition());
    let sql = format!(
        "SELECT count(*) FROM {rows} AND EXISTS (SELECT 1 FROM social_users x WHERE x.id = {column} {home})"
    );
    Ok(conn.query_one(&sql, &[of.into()], |row| row.int(0))?)
}
