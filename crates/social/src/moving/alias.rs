//! Accounts that somebody here says are theirs too: those may move here.

use activitypub::Address;
use store::{Conn, v};

use crate::{Error, Event, Id};

/// Aliases of one person.
pub const MAX_ALIASES: usize = 5;

/// Says which other actors somebody here is, in place of what was said before; by their addresses.
pub fn set_aliases(conn: &mut Conn<'_>, now: i64, me: Id, aliases: &[String]) -> Result<(), Error> {
    if aliases.len() > MAX_ALIASES {
        return Err(Error::Invalid(format!("nobody has more than {MAX_ALIASES} aliases")));
    }
    for alias in aliases {
        if let Err(error) = Address::parse(alias) {
            return Err(Error::Invalid(format!("an alias is the address of an actor: {error}")));
        }
    }
    let sql = "UPDATE social_users SET also_known_as = $2, updated_at = $3 WHERE id = $1";
    conn.execute(sql, &[me.into(), v(&serde_json::to_string(aliases)?), v(now)])?;
    Event::ProfileUpdated { user_id: me.0 }.write(conn, now)
}
