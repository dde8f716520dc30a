//! Granting and revoking.

use events::{Event, kinds};
use serde_json::json;
use server::Permission;
use store::v;

use super::{Actor, User, Users, create::names};
use crate::{Error, clock::now_micros, operator, permissions};

/// What to change about a user's permissions, by wire names. What is in both lists is revoked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PermissionChange {
    /// To add; only what the actor holds.
    pub grant: Vec<String>,
    /// To take away.
    pub revoke: Vec<String>,
}

impl Users {
    /// Changes what somebody else may do. The super user is out of reach, and so is oneself.
    pub async fn change_permissions(
        &self,
        actor: &Actor,
        user_id: &str,
        change: &PermissionChange,
    ) -> Result<User, Error> {
        let (grant, revoke) = (parse_once_each(&change.grant)?, parse_once_each(&change.revoke)?);
        let detail = json!({ "granted": names(&grant), "revoked": names(&revoke) });
        let (acting, id, now) = (actor.clone(), user_id.to_owned(), now_micros());
        let user = self
            .state
            .write(move |conn| {
                let acting = acting.acting(conn)?;
                acting.check_change(conn, &id)?;
                acting.check_grant(&grant)?;
                operator::grant(conn, &id, &grant, acting.user_id.as_deref(), now)?;
                revoke_all(conn, &id, &revoke)?;
                User::get(conn, &id)
            })
            .await?;
        self.changes.note();
        let subject = user.did.as_deref().unwrap_or(&user.id);
        self.events.record(
            Event::new(kinds::USER_PERMISSIONS_UPDATED).actor(actor.did()).subject(subject).detail(detail),
        );
        Ok(user)
    }
}

/// A list may name the same permission any number of times.
fn parse_once_each(names: &[String]) -> Result<Vec<Permission>, Error> {
    let mut parsed = permissions::parse(names)?;
    parsed.sort_unstable();
    parsed.dedup();
    Ok(parsed)
}

fn revoke_all(
    conn: &mut store::Conn<'_>,
    user_id: &str,
    permissions: &[Permission],
) -> Result<(), store::Error> {
    for permission in permissions {
        conn.execute(
            "DELETE FROM user_permissions WHERE user_id = $1 AND permission = $2",
            &[v(user_id), v(permission.name())],
        )?;
    }
    Ok(())
}
