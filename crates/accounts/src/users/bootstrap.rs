//! The first user.

use atproto::Did;
use events::{Event, kinds};
use server::Permission;
use store::{Conn, v};
use uuid::Uuid;

use super::{User, Users};
use crate::{Error, clock::now_micros, operator, permissions::PERMISSIONS};

impl Users {
    /// Makes the first person who signs in the super user. `None` if somebody with a DID is a user already: of several
    /// who come at the same moment, one is first.
    pub async fn bootstrap(&self, did: &Did) -> Result<Option<User>, Error> {
        let (row_did, id, now) = (did.clone(), Uuid::now_v7().to_string(), now_micros());
        let first = self
            .state
            .write(move |conn| {
                if !insert_if_first(conn, &id, row_did.as_str(), now)? {
                    return Ok(None);
                }
                let all: Vec<Permission> = PERMISSIONS.iter().map(|info| info.permission).collect();
                operator::grant(conn, &id, &all, None, now)?;
                User::get(conn, &id).map(Some)
            })
            .await?;
        if first.is_some() {
            self.changes.note();
            self.events
                .record(Event::new(kinds::USER_BOOTSTRAPPED).actor(did.as_str()).subject(did.as_str()));
        }
        Ok(first)
    }
}

/// Whether the user is now there as the first one. The local operator, who has no DID, does not count.
fn insert_if_first(conn: &mut Conn<'_>, id: &str, did: &str, now: i64) -> Result<bool, store::Error> {
    let somebody = "SELECT 1 FROM users WHERE did IS NOT NULL LIMIT 1";
    if conn.query_opt(somebody, &[], |row| row.int(0))?.is_some()
        && !faults::mutant!("accounts-second-first-user")
    {
        return Ok(false);
    }
    // Where two come at once, the transactions are serializable, and the index `users_one_super` has the last word.
    let inserted = conn.execute(
        "INSERT INTO users (id, did, is_super, created_at) VALUES ($1, $2, 1, $3) ON CONFLICT DO NOTHING",
        &[v(id), v(did), v(now)],
    )?;
    Ok(inserted > 0)
}
