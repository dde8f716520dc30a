//! What is done about a person.

use store::{Conn, v};

use crate::users::{INSTANCE, User};
use crate::{Error, Id};

/// Done, or taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Nobody sees them or what they write, and their credentials are good for nothing.
    Suspend,
    /// Not any more.
    Unsuspend,
    /// They are in no list of everybody's.
    Silence,
    /// Not any more.
    Unsilence,
}

impl Measure {
    /// Nobody does it to the server itself, nor to admins.
    pub fn apply(self, conn: &mut Conn<'_>, now: i64, user: &User) -> Result<(), Error> {
        if user.uuid == INSTANCE || user.is_deleted {
            return Err(Error::NotFound("user"));
        }
        if user.role == "admin" && matches!(self, Self::Suspend | Self::Silence) {
            return Err(Error::Forbidden("this is an admin"));
        }
        let (column, value) = match self {
            Self::Suspend => ("suspended_at", Some(now)),
            Self::Unsuspend => ("suspended_at", None),
            Self::Silence => ("silenced_at", Some(now)),
            Self::Unsilence => ("silenced_at", None),
        };
        let sql = format!("UPDATE social_users SET {column} = $2 WHERE id = $1");
        conn.execute(&sql, &[user.id.into(), v(value)])?;
        Ok(())
    }
}

/// Makes somebody here a `user`, a `moderator` or an `admin`.
pub fn role(conn: &mut Conn<'_>, user: Id, role: &str) -> Result<(), Error> {
    if !["user", "moderator", "admin"].contains(&role) {
        return Err(Error::Invalid("a role is user, moderator or admin".into()));
    }
    let sql = "UPDATE social_users SET role = $2 WHERE id = $1 AND host IS NULL AND deleted_at IS NULL";
    if conn.execute(sql, &[user.into(), v(role)])? == 0 { Err(Error::NotFound("user")) } else { Ok(()) }
}
