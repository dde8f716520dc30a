//! What hangs together: answers find what they answer, in whichever order they come.

use store::{Conn, v};

use crate::visibility::rule;
use crate::{Error, Id, Visibility, counts};

/// Answers to one thought that came before it and are linked to it.
const MAX_LINKED: i64 = 1000;

/// Links answers that were here before the thought at `address` was.
pub(super) fn link_children(conn: &mut Conn<'_>, parent: Id, thread: Id, address: &str) -> Result<(), Error> {
    let sql = "SELECT id, visibility FROM social_thoughts WHERE in_reply_to_url = $1 AND in_reply_to_id IS NULL AND id <> $2
               LIMIT $3";
    let children = conn.query(sql, &[v(address), parent.into(), v(MAX_LINKED)], |row| {
        Ok::<_, Error>((Id(row.int(0)?), Visibility::stored(row.text(1)?)?))
    })?;
    for (child, visibility) in children {
        // Whoever answers an answer to themselves would make a ring.
        if child == thread {
            continue;
        }
        let sql = "UPDATE social_thoughts SET in_reply_to_id = $2 WHERE id = $1";
        conn.execute(sql, &[child.into(), parent.into()])?;
        let sql = "UPDATE social_thoughts SET thread_id = $2 WHERE thread_id = $1";
        conn.execute(sql, &[child.into(), thread.into()])?;
        counts::replies(conn, parent.0, visibility, 1)?;
    }
    Ok(())
}

/// What hangs together with a thought, as far as the viewer wants to see it: oldest first, at most a thousand.
pub fn thread(conn: &mut Conn<'_>, viewer: Option<Id>, now: i64, id: Id) -> Result<Vec<Id>, Error> {
    let lists = rule::lists(viewer, now);
    let sql = format!(
        "SELECT t.id FROM social_thoughts t WHERE t.thread_id = (SELECT thread_id FROM social_thoughts WHERE id = $1)
             AND (t.id = $1 OR {lists}) ORDER BY t.id LIMIT {MAX_LINKED}"
    );
    conn.query(&sql, &[id.into()], |row| Ok(Id(row.int(0)?)))
}
