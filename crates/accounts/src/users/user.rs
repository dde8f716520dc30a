//! A user as lists show it.

use server::Permission;
use store::{Conn, Value};
use time::OffsetDateTime;

use crate::{Error, clock::from_micros, permissions::permission};

/// A user and what they were granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The row id.
    pub id: String,
    /// Who it is; only the local operator, who acts through the command line, has none.
    pub did: Option<String>,
    /// What a user without a DID is called.
    pub name: Option<String>,
    /// Whether it is the one who may do everything.
    pub is_super: bool,
    /// What was granted, in the order of the names. Names that no longer exist are left out.
    pub permissions: Vec<Permission>,
    /// When the user was added.
    pub created_at: OffsetDateTime,
    /// When the user last did something, give or take a second.
    pub last_used_at: Option<OffsetDateTime>,
}

impl User {
    /// The users for which `condition` holds, in the order in which they were added.
    pub(super) fn find(
        conn: &mut Conn<'_>,
        condition: &'static str,
        params: &[Value<'_>],
    ) -> Result<Vec<Self>, Error> {
        // One row per permission, so that one statement sees the users and their rights at the same moment.
        let sql = format!(
            "SELECT u.id, u.did, u.name, u.is_super, u.created_at, u.last_used_at, p.permission \
             FROM users u LEFT JOIN user_permissions p ON p.user_id = u.id \
             WHERE {condition} ORDER BY u.created_at, u.id, p.permission"
        );
        let mut users: Vec<Self> = Vec::new();
        conn.for_each(&sql, params, |row| {
            let id = row.text(0)?;
            if users.last().is_none_or(|user| user.id != id) {
                users.push(Self {
                    id: id.to_owned(),
                    did: row.opt_text(1)?.map(str::to_owned),
                    name: row.opt_text(2)?.map(str::to_owned),
                    is_super: row.bool(3)?,
                    permissions: Vec::new(),
                    created_at: from_micros(row.int(4)?),
                    last_used_at: row.opt_int(5)?.map(from_micros),
                });
            }
            let granted = row.opt_text(6)?.and_then(permission);
            if let (Some(user), Some(granted)) = (users.last_mut(), granted) {
                user.permissions.push(granted);
            }
            Ok::<(), Error>(())
        })?;
        Ok(users)
    }

    /// The user with this row id.
    pub(super) fn get(conn: &mut Conn<'_>, id: &str) -> Result<Self, Error> {
        let found = Self::find(conn, "u.id = $1", &[id.into()])?;
        found.into_iter().next().ok_or_else(|| Error::NoSuchUser(id.to_owned()))
    }
}
