//! Somebody elsewhere as a row.

use social::Id;
use store::{Conn, Error, v};

/// What the federation has to know of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) id: Id,
    pub(crate) ap_id: String,
    pub(crate) inbox: String,
    pub(crate) shared_inbox: Option<String>,
    pub(crate) outbox: Option<String>,
    pub(crate) followers: Option<String>,
    pub(crate) following: Option<String>,
    pub(crate) fetched_at: i64,
    pub(crate) posts_fetched_at: Option<i64>,
    pub(crate) suspended: bool,
    pub(crate) moved_at: Option<i64>,
}

const SELECT: &str = "SELECT u.id, u.ap_id, r.inbox, r.shared_inbox, r.outbox, r.followers, r.following, r.fetched_at, r.posts_fetched_at,
    coalesce(u.suspended_at, 0), u.moved_at
    FROM social_users u JOIN social_remote_actors r ON r.user_id = u.id WHERE u.deleted_at IS NULL AND u.ap_id IS NOT NULL AND ";

/// Whoever has this address, if they are known.
pub(crate) fn known(conn: &mut Conn<'_>, ap_id: &str) -> Result<Option<Known>, Error> {
    conn.query_opt(&format!("{SELECT} u.ap_id = $1"), &[v(ap_id)], read)
}

/// Whoever has this row, if they are elsewhere.
pub(crate) fn known_id(conn: &mut Conn<'_>, id: Id) -> Result<Option<Known>, Error> {
    conn.query_opt(&format!("{SELECT} u.id = $1"), &[v(id)], read)
}

fn read(row: &store::Row<'_>) -> Result<Known, Error> {
    let text = |column| row.opt_text(column).map(|text| text.map(str::to_owned));
    Ok(Known {
        id: Id(row.int(0)?),
        ap_id: row.string(1)?,
        inbox: row.string(2)?,
        shared_inbox: text(3)?,
        outbox: text(4)?,
        followers: text(5)?,
        following: text(6)?,
        fetched_at: row.int(7)?,
        posts_fetched_at: row.opt_int(8)?,
        suspended: row.int(9)? != 0,
        moved_at: row.opt_int(10)?,
    })
}
