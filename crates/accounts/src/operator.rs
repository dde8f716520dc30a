//! The local operator: whoever can run commands on the machine.
//!
//! Such a person has no DID, so the operator is the one user whose `did` is NULL. It is not the super user: that is the
//! first person who signs in, and only users with a DID count as people who did. The operator holds exactly the
//! permissions that its keys were ever given.

use server::Permission;
use store::{Conn, Error, v};
use uuid::Uuid;

const NAME: &str = "local operator";

/// The operator's row id, after it has been given these permissions, too; the row is made when it is first needed.
pub(crate) fn ensure_with(
    conn: &mut Conn<'_>,
    new_id: Uuid,
    permissions: &[Permission],
    now: i64,
) -> Result<String, Error> {
    conn.execute(
        "INSERT INTO users (id, name, is_super, created_at) VALUES ($1, $2, 0, $3) ON CONFLICT DO NOTHING",
        &[v(&new_id.to_string()), v(NAME), v(now)],
    )?;
    let find = "SELECT id FROM users WHERE did IS NULL AND name = $1";
    let id: String = conn.query_one(find, &[v(NAME)], |row| row.string(0))?;
    grant(conn, &id, permissions, None, now)?;
    Ok(id)
}

/// Adds permissions to a user; `granted_by` is a user's row id, or `None` on the command line.
pub(crate) fn grant(
    conn: &mut Conn<'_>,
    user_id: &str,
    permissions: &[Permission],
    granted_by: Option<&str>,
    now: i64,
) -> Result<(), Error> {
    for permission in permissions {
        conn.execute(
            "INSERT INTO user_permissions (user_id, permission, granted_at, granted_by) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (user_id, permission) DO NOTHING",
            &[v(user_id), v(permission.name()), v(now), v(granted_by)],
        )?;
    }
    Ok(())
}
