//! What hangs together: answers find what they answer, in whichever order they come.

use std::collections::BTreeSet;

use store::{Conn, v};

use crate::visibility::rule;
use crate::{Error, Id, Visibility, counts, sql};

/// Answers to one thought that came before it and are linked to it.
const MAX_LINKED: i64 = 1000;

/// Links answers that were here before the thought at `address` was.
pub(crate) fn link_children(conn: &mut Conn<'_>, parent: Id, thread: Id, address: &str) -> Result<(), Error> {
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

/// Steps from a thought to the beginning, and to the last answer (spec/social.md §3.5).
const MAX_DEPTH: i64 = 100;

/// What hangs together with a thought, as far as the viewer wants to see it: oldest first, at most a thousand. The thought itself and
/// what it answers are there, however much else is.
pub fn thread(conn: &mut Conn<'_>, viewer: Option<Id>, now: i64, id: Id) -> Result<Vec<Id>, Error> {
    let lists = rule::lists(viewer, now);
    let sql = format!(
        "SELECT t.id FROM social_thoughts t WHERE t.thread_id = (SELECT thread_id FROM social_thoughts WHERE id = $1)
             AND (t.id = $1 OR {lists}) ORDER BY t.id LIMIT {MAX_LINKED}"
    );
    let mut all = conn.query(&sql, &[id.into()], |row| Ok::<_, Error>(Id(row.int(0)?)))?;
    if i64::try_from(all.len()).is_ok_and(|len| len < MAX_LINKED) {
        return Ok(all);
    }
    let up = above(conn, id)?;
    let near = sql::Ids::new(conn.engine(), up.into_iter().map(|id| id.0));
    let sql = format!("SELECT t.id FROM social_thoughts t WHERE t.id {} AND {lists}", near.among(1));
    let mut near: BTreeSet<Id> =
        conn.query(&sql, &[near.value()], |row| Ok::<_, Error>(Id(row.int(0)?)))?.into_iter().collect();
    near.insert(id);
    // Of the others the latest are left out.
    let mut room = all.len() - near.len();
    all.retain(|id| {
        let stays = near.contains(id) || room > 0;
        room -= usize::from(stays && !near.remove(id));
        stays
    });
    all.extend(near);
    all.sort_unstable();
    Ok(all)
}

/// What a thought answers, and what that does, the next one first; whoever may see it.
pub fn above(conn: &mut Conn<'_>, id: Id) -> Result<Vec<Id>, Error> {
    let sql = "WITH RECURSIVE up (id, depth) AS (
                   SELECT in_reply_to_id, 1 FROM social_thoughts WHERE id = $1 AND in_reply_to_id IS NOT NULL
                   UNION ALL SELECT t.in_reply_to_id, u.depth + 1 FROM up u JOIN social_thoughts t ON t.id = u.id
                   WHERE t.in_reply_to_id IS NOT NULL AND u.depth < $2)
               SELECT id FROM up ORDER BY depth";
    conn.query(sql, &[id.into(), v(MAX_DEPTH)], |row| Ok(Id(row.int(0)?)))
}

/// What answers a thought, and what answers that, each with what it answers: at most a thousand; whoever may see it.
pub fn below(conn: &mut Conn<'_>, id: Id) -> Result<Vec<(Id, Id)>, Error> {
    let sql = "WITH RECURSIVE down (id, parent, depth) AS (
                   SELECT id, in_reply_to_id, 1 FROM social_thoughts WHERE in_reply_to_id = $1
                   UNION ALL SELECT t.id, t.in_reply_to_id, d.depth + 1 FROM down d JOIN social_thoughts t ON t.in_reply_to_id = d.id
                   WHERE d.depth < $2)
               SELECT id, parent FROM down LIMIT $3";
    conn.query(sql, &[id.into(), v(MAX_DEPTH), v(MAX_LINKED)], |row| Ok((Id(row.int(0)?), Id(row.int(1)?))))
}
