//! Whoever here followed an old account follows the new one.

use store::Conn;

use crate::address::Addresses;
use crate::relations::{follow, unfollow};
use crate::users::{self, User};
use crate::{Error, Id};

/// Has everybody here who follows `old` follow `new` instead, as far as they may. Who that was.
pub fn follow_on(
    conn: &mut Conn<'_>,
    now: i64,
    addresses: &Addresses,
    old: &User,
    new: &User,
) -> Result<Vec<Id>, Error> {
    let followers = conn.query(
        "SELECT f.follower FROM social_follows f JOIN social_users u ON u.id = f.follower
         WHERE f.followed = $1 AND f.state = 'accepted' AND u.host IS NULL AND u.deleted_at IS NULL",
        &[old.id.into()],
        |row| Ok::<_, Error>(Id(row.int(0)?)),
    )?;
    for id in &followers {
        let Some(follower) = users::by_id(conn, *id)? else { continue };
        if follower.id != new.id {
            unless_refused(follow(conn, now, addresses, &follower, new, None))?;
        }
        unless_refused(unfollow(conn, now, &follower, old))?;
    }
    Ok(followers)
}

/// What the rules refuse is left as it is; what fails, fails.
fn unless_refused<T>(outcome: Result<T, Error>) -> Result<(), Error> {
    match outcome {
        Ok(_) | Err(Error::NotFound(_) | Error::Invalid(_) | Error::Forbidden(_) | Error::Taken(_)) => Ok(()),
        Err(error) => Err(error),
    }
}
