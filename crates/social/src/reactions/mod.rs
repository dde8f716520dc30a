//! Likes, boosts and bookmarks.

mod boost;
mod like;

pub use boost::{Boosted, boost, unboost};
pub use like::{Liked, like, unlike};

use store::Conn;

use crate::visibility::rule;
use crate::{Error, Id, Visibility};

/// A thought that somebody may react to.
struct Target {
    author: Id,
    is_local: bool,
    author_is_local: bool,
    visibility: Visibility,
}

/// Looks the thought up for somebody who may see it, and whose author and they do not block each other.
fn target(conn: &mut Conn<'_>, user: Id, thought: Id) -> Result<Target, Error> {
    let (sees, speaks) = (rule::sees(Some("$2")), rule::speaks("t.user_id", "$2"));
    let sql = format!(
        "SELECT t.user_id, t.local, u.host IS NULL, t.visibility FROM social_thoughts t
         JOIN social_users u ON u.id = t.user_id WHERE t.id = $1 AND {sees} AND {speaks}"
    );
    let found = conn.query_opt(&sql, &[thought.into(), user.into()], |row| {
        let visibility = Visibility::named(row.text(3)?).ok_or(Error::NotFound("thought"))?;
        Ok::<_, Error>(Target {
            author: Id(row.int(0)?),
            is_local: row.bool(1)?,
            author_is_local: row.bool(2)?,
            visibility,
        })
    })?;
    found.ok_or(Error::NotFound("thought"))
}
