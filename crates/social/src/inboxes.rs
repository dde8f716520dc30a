//! Where people elsewhere are told of what is about to go: when its rows are gone, nobody knows any more whom it had to do with.

use std::collections::BTreeSet;

use store::Conn;

use crate::thoughts::Row;
use crate::{Error, Id, Visibility};

/// The inbox that somebody's server wants to have what is for everybody in.
const SHARED: &str = "SELECT coalesce(r.shared_inbox, r.inbox)";

const MENTIONED: &str = "FROM social_thought_mentions m JOIN social_remote_actors r ON r.user_id = m.user_id WHERE m.thought_id = $1";

/// Of those whom a thought names, whom it answers, and who passed it on. What few may see, each of them is told by themselves.
pub(crate) fn of_thought(conn: &mut Conn<'_>, thought: &Row) -> Result<Vec<String>, Error> {
    if thought.visibility == Visibility::Private {
        return read(conn, &format!("SELECT r.inbox {MENTIONED}"), thought.id);
    }
    let sql = format!(
        "{SHARED} {MENTIONED}
         UNION {SHARED} FROM social_boosts b JOIN social_remote_actors r ON r.user_id = b.user_id WHERE b.thought_id = $1
         UNION SELECT r.inbox FROM social_thoughts t JOIN social_thoughts p ON p.id = t.in_reply_to_id
             JOIN social_remote_actors r ON r.user_id = p.user_id WHERE t.id = $1"
    );
    read(conn, &sql, thought.id)
}

/// Of everybody who follows somebody or is followed by them, whom they name, and of those who have anything of theirs or have
/// written what they reacted to.
pub(crate) fn of_person(conn: &mut Conn<'_>, person: Id) -> Result<Vec<String>, Error> {
    let known = [
        "social_follows f JOIN social_remote_actors r ON r.user_id = f.follower WHERE f.followed = $1",
        "social_follows f JOIN social_remote_actors r ON r.user_id = f.followed WHERE f.follower = $1",
        "social_thoughts t JOIN social_thought_mentions m ON m.thought_id = t.id
            JOIN social_remote_actors r ON r.user_id = m.user_id WHERE t.user_id = $1",
        "social_thoughts t JOIN social_boosts b ON b.thought_id = t.id
            JOIN social_remote_actors r ON r.user_id = b.user_id WHERE t.user_id = $1",
        "social_thoughts t JOIN social_likes l ON l.thought_id = t.id
            JOIN social_remote_actors r ON r.user_id = l.user_id WHERE t.user_id = $1",
        "social_boosts b JOIN social_thoughts t ON t.id = b.thought_id
            JOIN social_remote_actors r ON r.user_id = t.user_id WHERE b.user_id = $1",
        "social_likes l JOIN social_thoughts t ON t.id = l.thought_id
            JOIN social_remote_actors r ON r.user_id = t.user_id WHERE l.user_id = $1",
    ];
    let mut inboxes = BTreeSet::new();
    for of in known {
        inboxes.extend(read(
            conn,
            &format!("{} FROM {of}", SHARED.replace("SELECT", "SELECT DISTINCT")),
            person,
        )?);
    }
    Ok(inboxes.into_iter().collect())
}

fn read(conn: &mut Conn<'_>, sql: &str, of: Id) -> Result<Vec<String>, Error> {
    Ok(conn.query(sql, &[of.into()], |row| row.string(0))?)
}
