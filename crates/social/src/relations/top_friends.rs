//! Up to five people whom somebody shows on their profile.

use std::collections::HashSet;

use store::{Conn, v};

use crate::users;
use crate::{Error, Id};

/// How many there can be.
const MAX: usize = 5;

/// In their order.
pub fn top_friends(conn: &mut Conn<'_>, user: Id) -> Result<Vec<i64>, Error> {
    let sql = "SELECT friend_id FROM social_top_friends t JOIN social_users u ON u.id = t.friend_id
               WHERE t.user_id = $1 AND u.suspended_at IS NULL AND u.deleted_at IS NULL ORDER BY position";
    Ok(conn.query(sql, &[user.into()], |row| row.int(0))?)
}

/// Shows these from now on, by uuid, and nobody else.
pub fn set_top_friends(conn: &mut Conn<'_>, me: Id, friends: &[String]) -> Result<(), Error> {
    let invalid = |message: &str| Err(Error::Invalid(message.to_owned()));
    if friends.len() > MAX {
        return invalid("there are at most 5 top friends");
    }
    let mut ids = Vec::with_capacity(friends.len());
    for uuid in friends {
        let friend = users::by_uuid(conn, uuid)?.filter(super::super::users::User::is_there);
        match friend {
            Some(friend) if friend.id == me => return invalid("nobody is their own top friend"),
            Some(friend) if !super::is_blocked(conn, friend.id, me)? => ids.push(friend.id),
            _ => return invalid("a top friend is not there"),
        }
    }
    if ids.iter().collect::<HashSet<_>>().len() < ids.len() {
        return invalid("a top friend is there twice");
    }
    conn.execute("DELETE FROM social_top_friends WHERE user_id = $1", &[me.into()])?;
    for (position, id) in (1_i64..).zip(ids) {
        conn.execute(
            "INSERT INTO social_top_friends (user_id, friend_id, position) VALUES ($1, $2, $3)",
            &[me.into(), id.into(), v(position)],
        )?;
    }
    Ok(())
}
