//! A notification, written in the transaction that it tells of.

use store::{Conn, v};
use uuid::Uuid;

use crate::{Error, Id};

/// What it tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "names say it")]
pub enum Kind {
    Like,
    Boost,
    Follow,
    FollowRequest,
    Reply,
    Mention,
    /// Somebody whom they wanted to hear of wrote something.
    Status,
    /// Something that they boosted was changed.
    Update,
}

impl Kind {
    /// As it is stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Like => "like",
            Self::Boost => "boost",
            Self::Follow => "follow",
            Self::FollowRequest => "follow_request",
            Self::Reply => "reply",
            Self::Mention => "mention",
            Self::Status => "status",
            Self::Update => "update",
        }
    }
}

/// A notification that was written: to be told to whoever looks on, after the commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notified {
    /// The notification.
    pub id: Id,
    /// Whose it is.
    pub user: Id,
}

/// Tells somebody of something, once. Nobody is told of what they did themselves, of those whom they blocked, muted or whose host
/// they want to see nothing of, nor at another server.
pub fn add(
    conn: &mut Conn<'_>,
    now: i64,
    to: Id,
    kind: Kind,
    from: Id,
    thought: Option<Id>,
) -> Result<Option<Notified>, Error> {
    if to == from {
        return Ok(None);
    }
    let sql =
        "INSERT INTO social_notifications (id, uuid, user_id, kind, from_user_id, thought_id, created_at)
         SELECT $1, $2, u.id, $4, $5, $6, $7 FROM social_users u WHERE u.id = $3 AND u.host IS NULL AND u.deleted_at IS NULL
             AND NOT EXISTS (SELECT 1 FROM social_blocks b WHERE (b.blocker = $3 AND b.blocked = $5)
                                                              OR (b.blocker = $5 AND b.blocked = $3))
             AND NOT EXISTS (SELECT 1 FROM social_mutes m WHERE m.muter = $3 AND m.muted = $5 AND m.notifications = 1
                                 AND (m.ends_at IS NULL OR m.ends_at > $7))
             AND NOT EXISTS (SELECT 1 FROM social_user_domain_blocks d JOIN social_users f ON f.host = d.domain
                             WHERE d.user_id = $3 AND f.id = $5)
         ON CONFLICT DO NOTHING";
    let (uuid, thought) = (Uuid::new_v4().to_string(), thought.map(|thought| thought.0));
    let added = Id::insert(conn, "social_notifications", now, |conn, id| {
        let params = [id.into(), v(&uuid), to.into(), v(kind.name()), from.into(), v(thought), v(now)];
        conn.execute(sql, &params)
    })?;
    Ok(added.map(|id| Notified { id, user: to }))
}
