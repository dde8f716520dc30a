//! What somebody is to others, all at once.

use std::collections::HashMap;

use store::{Conn, v};

use crate::{Error, Id, sql};

/// What a viewer and somebody are to each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    missing_docs,
    reason = "each is a relation of its own; names say it"
)]
pub struct Standing {
    pub follows: bool,
    pub shows_boosts: bool,
    pub notifies: bool,
    pub has_requested: bool,
    pub is_followed_by: bool,
    pub is_requested_by: bool,
    pub blocks: bool,
    pub is_blocked_by: bool,
    pub mutes: bool,
    pub mutes_notifications: bool,
    pub blocks_domain: bool,
}

/// What `viewer` is to each of `others`, in one statement.
pub fn standing(
    conn: &mut Conn<'_>,
    viewer: Id,
    now: i64,
    others: &[Id],
) -> Result<HashMap<Id, Standing>, Error> {
    if others.is_empty() {
        return Ok(HashMap::new());
    }
    let list = sql::Ids::new(conn.engine(), others.iter().map(|id| id.0));
    let sql = format!(
        "SELECT u.id, f.state, coalesce(f.show_boosts, 0), coalesce(f.notify, 0), b.state,
             EXISTS (SELECT 1 FROM social_blocks x WHERE x.blocker = $2 AND x.blocked = u.id),
             EXISTS (SELECT 1 FROM social_blocks x WHERE x.blocker = u.id AND x.blocked = $2),
             m.muter, coalesce(m.notifications, 0),
             EXISTS (SELECT 1 FROM social_user_domain_blocks d WHERE d.user_id = $2 AND d.domain = u.host)
         FROM social_users u
         LEFT JOIN social_follows f ON f.follower = $2 AND f.followed = u.id
         LEFT JOIN social_follows b ON b.follower = u.id AND b.followed = $2
         LEFT JOIN social_mutes m ON m.muter = $2 AND m.muted = u.id AND (m.ends_at IS NULL OR m.ends_at > $3)
         WHERE u.id {}",
        list.among(1)
    );
    let rows = conn.query(&sql, &[list.value(), viewer.into(), v(now)], |row| {
        let is = |column, state: &str| Ok::<_, Error>(row.opt_text(column)? == Some(state));
        let standing = Standing {
            follows: is(1, "accepted")?,
            has_requested: is(1, "pending")?,
            shows_boosts: row.bool(2)?,
            notifies: row.bool(3)?,
            is_followed_by: is(4, "accepted")?,
            is_requested_by: is(4, "pending")?,
            blocks: row.bool(5)?,
            is_blocked_by: row.bool(6)?,
            mutes: row.opt_int(7)?.is_some(),
            mutes_notifications: row.bool(8)?,
            blocks_domain: row.bool(9)?,
        };
        Ok::<_, Error>((Id(row.int(0)?), standing))
    })?;
    Ok(rows.into_iter().collect())
}
