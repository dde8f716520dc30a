//! Removing a user.

use events::{Event, kinds};
use store::v;

use super::{Actor, User, Users};
use crate::{Error, browser_sessions};

impl Users {
    /// Removes somebody else with their keys, and ends what they do in browsers. The super user stays.
    pub async fn remove(&self, actor: &Actor, user_id: &str) -> Result<(), Error> {
        let (acting, id) = (actor.clone(), user_id.to_owned());
        let user = self
            .state
            .write(move |conn| {
                acting.acting(conn)?.check_change(conn, &id)?;
                let user = User::get(conn, &id)?;
                conn.execute("DELETE FROM users WHERE id = $1", &[v(&id)])?;
                if let Some(did) = &user.did {
                    browser_sessions::end_all_of(conn, did)?;
                }
                Ok::<_, Error>(user)
            })
            .await?;
        self.changes.note();
        let subject = user.did.as_deref().unwrap_or(&user.id);
        self.events.record(Event::new(kinds::USER_DELETED).actor(actor.did()).subject(subject));
        Ok(())
    }
}
