//! Taking over users of another server.

use atproto::Did;
use events::{Event, kinds};
use serde_json::json;
use server::Permission;
use store::{Conn, v};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Users, create::names};
use crate::{
    Error, Existing, Imported,
    clock::{micros_of, now_micros},
    imported::at,
    operator,
};

/// A user as another server kept them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedUser {
    /// The row id there; kept, unless it is taken here.
    pub id: String,
    /// Who.
    pub did: Did,
    /// Whether they were the super user there. They are here, too, if nobody else is.
    pub is_super: bool,
    /// What they may do.
    pub permissions: Vec<Permission>,
    /// When they were added.
    pub created_at: Option<OffsetDateTime>,
    /// When they were last there.
    pub last_used_at: Option<OffsetDateTime>,
}

/// What became of such a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserImport {
    /// Whether they are here now because of this.
    pub imported: Imported,
    /// Whether they are the super user here.
    pub is_super: bool,
}

impl Users {
    /// Takes over a user. The local operator does that: nothing is checked against what anybody may grant.
    pub async fn import(&self, new: ImportedUser, existing: Existing) -> Result<UserImport, Error> {
        let (did, permissions) = (new.did.clone(), names(&new.permissions));
        let fresh_id = Uuid::now_v7().to_string();
        let done = self.state.write(move |conn| new.put(conn, existing, &fresh_id)).await?;
        let kind = match done.imported {
            Imported::Kept => return Ok(done),
            Imported::Added => kinds::USER_CREATED,
            Imported::Replaced => kinds::USER_PERMISSIONS_UPDATED,
        };
        self.changes.note();
        let detail = json!({ "imported": true, "permissions": permissions, "is_super": done.is_super });
        self.events.record(Event::new(kind).subject(did.as_str()).detail(detail));
        Ok(done)
    }
}

impl ImportedUser {
    fn put(&self, conn: &mut Conn<'_>, existing: Existing, fresh_id: &str) -> Result<UserImport, Error> {
        let find = "SELECT id, is_super FROM users WHERE did = $1";
        let here = conn
            .query_opt(find, &[v(self.did.as_str())], |row| Ok::<_, Error>((row.string(0)?, row.bool(1)?)))?;
        let somebody = "SELECT 1 FROM users WHERE is_super = 1";
        let vacant = conn.query_opt(somebody, &[], |row| row.int(0))?.is_none();
        let becomes_super = self.is_super && vacant;
        let now = now_micros();
        match here {
            None => {
                let id = self.insert(conn, becomes_super, fresh_id)?;
                operator::grant(conn, &id, &self.permissions, None, now)?;
                Ok(UserImport { imported: Imported::Added, is_super: becomes_super })
            }
            Some((_, is_super)) if existing == Existing::Keep => {
                Ok(UserImport { imported: Imported::Kept, is_super })
            }
            Some((id, is_super)) => {
                conn.execute("DELETE FROM user_permissions WHERE user_id = $1", &[v(&id)])?;
                operator::grant(conn, &id, &self.permissions, None, now)?;
                if becomes_super {
                    conn.execute("UPDATE users SET is_super = 1 WHERE id = $1", &[v(&id)])?;
                }
                Ok(UserImport { imported: Imported::Replaced, is_super: is_super || becomes_super })
            }
        }
    }

    /// The row id.
    fn insert(&self, conn: &mut Conn<'_>, is_super: bool, fresh_id: &str) -> Result<String, Error> {
        let taken = conn.query_opt("SELECT 1 FROM users WHERE id = $1", &[v(&self.id)], |row| row.int(0))?;
        let id = if taken.is_some() { fresh_id } else { &self.id };
        conn.execute(
            "INSERT INTO users (id, did, is_super, created_at, last_used_at) VALUES ($1, $2, $3, $4, $5)",
            &[
                v(id),
                v(self.did.as_str()),
                v(is_super),
                v(at(self.created_at)),
                v(self.last_used_at.map(micros_of)),
            ],
        )?;
        Ok(id.to_owned())
    }
}
