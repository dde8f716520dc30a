//! What somebody here does about somebody else, as one act: for whoever serves them.

use store::{Conn, v};

use super::{accept, block, follow, mute, reject, unblock, unfollow, unmute};
use crate::address::Addresses;
use crate::notifications::Notified;
use crate::users::{self, User};
use crate::{Error, Id, Social, Told};

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Follows them, or asks to.
    Follow,
    /// Does not any more.
    Unfollow,
    /// Lets them follow.
    Accept,
    /// Does not, or not any more.
    Reject,
    /// Wants to have nothing to do with them.
    Block,
    /// Does not mind any more.
    Unblock,
    /// Wants to see nothing of them.
    Mute {
        /// Nor to be told anything.
        notifications: bool,
        /// Until then, in microseconds.
        ends_at: Option<i64>,
    },
    /// Does again.
    Unmute,
}

impl Act {
    /// Does it, and tells whoever looks on.
    pub async fn by(self, social: &Social, me: Id, other: Id) -> Result<(), Error> {
        let (addresses, now) = (social.addresses().clone(), clock::now_micros());
        let notified = social.change(move |conn| self.apply(conn, now, &addresses, me, other)).await?;
        for user_id in [me.0, other.0] {
            social.live().tell(&Told::Changed { user_id }).await;
        }
        if let Some(Notified { id, user }) = notified {
            social.live().tell(&Told::Notified { id: id.0, user_id: user.0 }).await;
        }
        Ok(())
    }

    /// Part of a transaction. What somebody was told of it.
    pub fn apply(
        self,
        conn: &mut Conn<'_>,
        now: i64,
        addresses: &Addresses,
        me: Id,
        other: Id,
    ) -> Result<Option<Notified>, Error> {
        let (me, other) = (find(conn, me)?, find(conn, other)?);
        match self {
            Self::Follow => return Ok(follow(conn, now, addresses, &me, &other, None)?.notified),
            Self::Accept => return accept(conn, now, &other, &me),
            Self::Unfollow => unfollow(conn, now, &me, &other)?,
            Self::Reject => reject(conn, now, &other, &me)?,
            Self::Block => block(conn, now, addresses, &me, &other)?,
            Self::Unblock => unblock(conn, now, &me, &other)?,
            Self::Mute { notifications, ends_at } => {
                mute(conn, now, me.id, other.id, notifications, ends_at)?;
            }
            Self::Unmute => unmute(conn, me.id, other.id)?,
        }
        Ok(None)
    }
}

fn find(conn: &mut Conn<'_>, id: Id) -> Result<User, Error> {
    users::by_id(conn, id)?.ok_or(Error::NotFound("user"))
}

/// Wants to see nothing of a host, or does again. Follows between them and people there end.
pub fn block_domain(conn: &mut Conn<'_>, now: i64, me: Id, domain: &str) -> Result<(), Error> {
    conn.execute(
        "INSERT INTO social_user_domain_blocks (user_id, domain, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        &[me.into(), v(domain), v(now)],
    )?;
    let user = find(conn, me)?;
    let sql = "SELECT f.follower, f.followed FROM social_follows f JOIN social_users u
                   ON u.id = CASE WHEN f.follower = $1 THEN f.followed ELSE f.follower END
               WHERE (f.follower = $1 OR f.followed = $1) AND u.host = $2";
    let follows =
        conn.query(sql, &[me.into(), v(domain)], |row| Ok::<_, Error>((row.int(0)?, row.int(1)?)))?;
    for (follower, followed) in follows {
        if follower == me.0 {
            let other = find(conn, Id(followed))?;
            unfollow(conn, now, &user, &other)?;
        } else {
            let other = find(conn, Id(follower))?;
            reject(conn, now, &other, &user)?;
        }
    }
    Ok(())
}

/// Ends it. What it took away does not come back.
pub fn unblock_domain(conn: &mut Conn<'_>, me: Id, domain: &str) -> Result<(), Error> {
    let sql = "DELETE FROM social_user_domain_blocks WHERE user_id = $1 AND domain = $2";
    conn.execute(sql, &[me.into(), v(domain)])?;
    Ok(())
}
