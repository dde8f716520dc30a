//! How much there is of what, kept in the transaction that changes it. Pages do not count.

use store::{Conn, v};

use crate::{Error, Visibility};

/// Somebody has one more accepted follower (`by` is 1), or one less (-1).
pub(crate) fn follows(conn: &mut Conn<'_>, follower: i64, followed: i64, by: i64) -> Result<(), Error> {
    let sql = "UPDATE social_user_counts SET following = following + $2 WHERE user_id = $1";
    conn.execute(sql, &[v(follower), v(by)])?;
    let sql = "UPDATE social_user_counts SET followers = followers + $2 WHERE user_id = $1";
    conn.execute(sql, &[v(followed), v(by)])?;
    Ok(())
}

/// A thought has one more like, or one less.
pub(crate) fn likes(conn: &mut Conn<'_>, thought: i64, by: i64) -> Result<(), Error> {
    let sql = "UPDATE social_thought_counts SET likes = likes + $2 WHERE thought_id = $1";
    conn.execute(sql, &[v(thought), v(by)])?;
    Ok(())
}

/// A thought has one more boost, or one less.
pub(crate) fn boosts(conn: &mut Conn<'_>, thought: i64, by: i64) -> Result<(), Error> {
    let sql = "UPDATE social_thought_counts SET boosts = boosts + $2 WHERE thought_id = $1";
    conn.execute(sql, &[v(thought), v(by)])?;
    Ok(())
}

/// A thought is there, with whatever it replies to.
pub(crate) fn thought_added(
    conn: &mut Conn<'_>,
    id: i64,
    author: i64,
    parent: Option<i64>,
    visibility: Visibility,
) -> Result<(), Error> {
    conn.execute("INSERT INTO social_thought_counts (thought_id) VALUES ($1)", &[v(id)])?;
    thoughts(conn, author, 1)?;
    parent.map_or(Ok(()), |parent| replies(conn, parent, visibility, 1))
}

/// A thought is going, from whatever it replies to.
pub(crate) fn thought_removed(
    conn: &mut Conn<'_>,
    author: i64,
    parent: Option<i64>,
    visibility: Visibility,
) -> Result<(), Error> {
    thoughts(conn, author, -1)?;
    parent.map_or(Ok(()), |parent| replies(conn, parent, visibility, -1))
}

/// A thought has one more direct reply that everybody may see, or one less; others are not counted.
pub(crate) fn replies(
    conn: &mut Conn<'_>,
    parent: i64,
    visibility: Visibility,
    by: i64,
) -> Result<(), Error> {
    if matches!(visibility, Visibility::Public | Visibility::Unlisted) {
        let sql = "UPDATE social_thought_counts SET replies = replies + $2 WHERE thought_id = $1";
        conn.execute(sql, &[v(parent), v(by)])?;
    }
    Ok(())
}

fn thoughts(conn: &mut Conn<'_>, author: i64, by: i64) -> Result<(), Error> {
    let sql = "UPDATE social_user_counts SET thoughts = thoughts + $2 WHERE user_id = $1";
    conn.execute(sql, &[v(author), v(by)])?;
    Ok(())
}
