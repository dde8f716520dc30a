//! Mutes: who is muted is not seen and does not notice.

use store::{Conn, v};

use crate::{Error, Id};

/// Mutes somebody, until a time if there is one, with what would be told of them or without. Doing it again changes how.
pub fn mute(
    conn: &mut Conn<'_>,
    now: i64,
    muter: Id,
    muted: Id,
    notifications: bool,
    ends_at: Option<i64>,
) -> Result<(), Error> {
    if muter == muted {
        return Err(Error::Invalid("nobody mutes themselves".to_owned()));
    }
    conn.execute(
        "INSERT INTO social_mutes (muter, muted, notifications, ends_at, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (muter, muted) DO UPDATE SET notifications = excluded.notifications, ends_at = excluded.ends_at",
        &[muter.into(), muted.into(), v(i64::from(notifications)), v(ends_at), v(now)],
    )?;
    Ok(())
}

/// Ends it. Whoever is not muted stays so.
pub fn unmute(conn: &mut Conn<'_>, muter: Id, muted: Id) -> Result<(), Error> {
    conn.execute("DELETE FROM social_mutes WHERE muter = $1 AND muted = $2", &[muter.into(), muted.into()])?;
    Ok(())
}
