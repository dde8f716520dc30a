//! Passing the super user's place on.

use events::{Event, kinds};
use serde_json::json;
use store::v;

use super::{Actor, User, Users};
use crate::Error;

impl Users {
    /// Makes somebody else the super user; whoever was it keeps the permissions they were granted. Only the super user in
    /// person and the local operator may do that, and only somebody who can sign in can be it.
    pub async fn transfer_super(&self, actor: &Actor, target_user_id: &str) -> Result<User, Error> {
        let (acting, id) = (actor.clone(), target_user_id.to_owned());
        let (from, user) = self
            .state
            .write(move |conn| {
                if !acting.acting(conn)?.is_super {
                    return Err(Error::Forbidden("only the super user in person can pass that on"));
                }
                if User::get(conn, &id)?.did.is_none() {
                    return Err(Error::Forbidden(
                        "the local operator cannot sign in and so cannot be the super user",
                    ));
                }
                // One after the other: there is never more than one.
                let from =
                    conn.query_opt("SELECT id FROM users WHERE is_super = 1", &[], |row| row.string(0))?;
                conn.execute("UPDATE users SET is_super = 0 WHERE is_super = 1", &[])?;
                conn.execute("UPDATE users SET is_super = 1 WHERE id = $1", &[v(&id)])?;
                Ok((from, User::get(conn, &id)?))
            })
            .await?;
        self.changes.note();
        self.events.record(
            Event::new(kinds::USER_SUPER_TRANSFERRED)
                .actor(actor.did())
                .subject(user.did.as_deref().unwrap_or(&user.id))
                .detail(json!({ "from_user_id": from })),
        );
        Ok(user)
    }
}
