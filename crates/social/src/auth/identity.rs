//! Whose a credential is.

use server::{Permission, PermissionSet};
use store::{Conn, Row, Value, v};

use crate::{Error, Id};

/// May answer reports, and silence or suspend people.
pub const MODERATE: Permission = Permission::new("social:moderate");

/// May also decide about other servers.
pub const ADMINISTER: Permission = Permission::new("social:administer");

/// Somebody whose credential is good.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub(crate) id: Id,
    pub(crate) uuid: String,
    pub(crate) role: String,
    /// When their credentials were last changed.
    pub(crate) changed_at: i64,
    pub(crate) active_at: Option<i64>,
}

/// Those who were deleted or suspended have no credentials that are good.
const SELECT: &str = "SELECT u.id, u.uuid, u.role, coalesce(c.changed_at, 0), u.active_at
    FROM social_users u LEFT JOIN social_credentials c ON c.user_id = u.id
    WHERE u.host IS NULL AND u.deleted_at IS NULL AND u.suspended_at IS NULL AND ";

impl Identity {
    pub(crate) fn by_uuid(conn: &mut Conn<'_>, uuid: &str) -> Result<Option<Self>, Error> {
        Self::one(conn, "u.uuid = $1", v(uuid))
    }

    pub(crate) fn by_did(conn: &mut Conn<'_>, did: &str) -> Result<Option<Self>, Error> {
        Self::one(conn, "u.did = $1", v(did))
    }

    /// Of a key's hash.
    pub(crate) fn by_key(conn: &mut Conn<'_>, hash: &str) -> Result<Option<Self>, Error> {
        Self::one(conn, "u.id = (SELECT user_id FROM social_api_keys WHERE key_hash = $1)", v(hash))
    }

    fn one(conn: &mut Conn<'_>, condition: &str, value: Value<'_>) -> Result<Option<Self>, Error> {
        conn.query_opt(&format!("{SELECT}{condition}"), &[value], Self::read)
    }

    fn read(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Self {
            id: Id(row.int(0)?),
            uuid: row.string(1)?,
            role: row.string(2)?,
            changed_at: row.int(3)?,
            active_at: row.opt_int(4)?,
        })
    }

    /// What their role lets them do.
    pub(crate) fn permissions(&self) -> PermissionSet {
        match &*self.role {
            "admin" => [MODERATE, ADMINISTER].into_iter().collect(),
            "moderator" => [MODERATE].into_iter().collect(),
            _ => PermissionSet::default(),
        }
    }
}
