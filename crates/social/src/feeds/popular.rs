//! What most is written about.

use store::{Conn, v};

use crate::Error;

/// Marks that are counted, newest first: to count all would cost more with every thought there is.
const WINDOW: i64 = 20_000;

/// The topics of the newest public thoughts, with how many of these have them. Whoever is silenced or taken off counts for nothing.
pub fn popular(conn: &mut Conn<'_>, limit: u32) -> Result<Vec<(String, i64)>, Error> {
    let sql = "SELECT g.name, count(*) AS n FROM
                   (SELECT tag_id, thought_id FROM social_thought_tags ORDER BY thought_id DESC LIMIT $1) l
               JOIN social_tags g ON g.id = l.tag_id
               WHERE NOT EXISTS (SELECT 1 FROM social_thoughts t JOIN social_users u ON u.id = t.user_id
                   WHERE t.id = l.thought_id AND (u.silenced_at IS NOT NULL OR u.suspended_at IS NOT NULL))
               GROUP BY g.name ORDER BY n DESC, g.name LIMIT $2";
    conn.query(sql, &[v(WINDOW), v(limit)], |row| Ok((row.string(0)?, row.int(1)?)))
}
