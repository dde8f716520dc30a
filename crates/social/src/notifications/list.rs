//! What somebody has been told, newest first.

use store::{Conn, v};

use crate::{Error, Id, visibility};

/// A notification.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns of social_notifications, which the migration explains")]
pub struct Notification {
    pub id: Id,
    pub uuid: String,
    pub kind: String,
    pub from: Id,
    pub thought: Option<Id>,
    pub thought_uuid: Option<String>,
    pub is_read: bool,
    pub created_at: i64,
}

/// Those of somebody before `before`, without what comes from people whom they do not want to see any more.
pub fn list(
    conn: &mut Conn<'_>,
    now: i64,
    user: Id,
    before: Id,
    (limit, offset): (i64, i64),
) -> Result<Vec<Notification>, Error> {
    let bears = visibility::rule::bears("n.from_user_id", user, now);
    let sql = format!(
        "SELECT n.id, n.uuid, n.kind, n.from_user_id, n.thought_id, t.uuid, n.read, n.created_at
         FROM social_notifications n LEFT JOIN social_thoughts t ON t.id = n.thought_id
         WHERE n.user_id = $1 AND n.id < $2 AND {bears} ORDER BY n.id DESC LIMIT $3 OFFSET $4"
    );
    conn.query(&sql, &[user.into(), before.into(), v(limit), v(offset)], |row| {
        Ok(Notification {
            id: Id(row.int(0)?),
            uuid: row.string(1)?,
            kind: row.string(2)?,
            from: Id(row.int(3)?),
            thought: row.opt_int(4)?.map(Id),
            thought_uuid: row.opt_text(5)?.map(str::to_owned),
            is_read: row.bool(6)?,
            created_at: row.int(7)?,
        })
    })
}

/// How many they have, and how many of them they have not read.
pub fn unread(conn: &mut Conn<'_>, user: Id) -> Result<(i64, i64), Error> {
    let total = "SELECT count(*) FROM social_notifications WHERE user_id = $1";
    let unread = "SELECT count(*) FROM social_notifications WHERE user_id = $1 AND read = 0";
    let mut count = |sql| conn.query_one(sql, &[user.into()], |row| row.int(0));
    Ok((count(total)?, count(unread)?))
}

/// Marks one of them, by uuid, or all. How many there were.
pub fn mark(conn: &mut Conn<'_>, user: Id, uuid: Option<&str>, is_read: bool) -> Result<u64, Error> {
    Ok(match uuid {
        Some(uuid) => conn.execute(
            "UPDATE social_notifications SET read = $3 WHERE user_id = $1 AND uuid = $2",
            &[user.into(), v(uuid), v(is_read)],
        )?,
        None => conn.execute(
            "UPDATE social_notifications SET read = $2 WHERE user_id = $1 AND read <> $2",
            &[user.into(), v(is_read)],
        )?,
    })
}
