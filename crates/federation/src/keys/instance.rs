//! The actor that signs for the server itself (spec/social.md §2.3, §4.3).

use social::{Id, users};
use store::{Conn, v};

use crate::Error;

/// Its name in addresses.
pub(crate) const INSTANCE_UUID: &str = users::INSTANCE;

/// Its handle, which nobody may have.
pub(crate) const INSTANCE_NAME: &str = "instance";

/// Its row, made if it is not there.
pub(super) fn ensure(conn: &mut Conn<'_>) -> Result<Id, Error> {
    let now = clock::now_micros();
    if let Some(there) = users::by_uuid(conn, INSTANCE_UUID)? {
        return Ok(there.id);
    }
    let sql = "INSERT INTO social_users (id, uuid, username, handle_key, kind, approves_follows, created_at, updated_at)
               VALUES ($1, $2, $3, $3, 'Service', 1, $4, $4) ON CONFLICT DO NOTHING";
    let made = Id::insert(conn, "social_users", now, |conn, id| {
        conn.execute(sql, &[v(id), v(INSTANCE_UUID), v(INSTANCE_NAME), v(now)])
    })?;
    let id = made.ok_or(social::Error::Taken("somebody has the name of the instance"))?;
    conn.execute("INSERT INTO social_user_counts (user_id) VALUES ($1) ON CONFLICT DO NOTHING", &[v(id)])?;
    Ok(id)
}
