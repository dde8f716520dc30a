//! What others have to be told of (spec/social.md §5.1), written in the transaction that it tells of.
//!
//! Only what somebody at home here did becomes an event: whatever came from elsewhere is known there. The federation takes
//! events up, makes deliveries of them and removes them; without it there is nobody to tell, and nothing is written.

use serde::{Deserialize, Serialize};
use store::{Conn, v};

use crate::Error;

/// Ids are those of rows; addresses those of the fediverse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data")]
#[expect(missing_docs, reason = "each field is the id of what it is named after, or said in the line above")]
pub enum Event {
    /// A thought was written here.
    ThoughtCreated { thought_id: i64, user_id: i64 },
    /// A thought that was written here was changed.
    ThoughtUpdated { thought_id: i64, user_id: i64 },
    /// A thought that was written here is gone: all that can still be said of it, and inboxes of those whom it had to do with.
    ThoughtDeleted {
        uuid: String,
        user_id: i64,
        visibility: String,
        #[serde(default)]
        inboxes: Vec<String>,
    },
    /// Somebody here likes a thought.
    LikeAdded { like_uuid: String, user_id: i64, thought_id: i64 },
    /// Not any more.
    LikeRemoved { like_uuid: String, user_id: i64, thought_id: i64 },
    /// Somebody here boosted a thought.
    BoostAdded { boost_uuid: String, user_id: i64, thought_id: i64 },
    /// Not any more.
    BoostRemoved { boost_uuid: String, user_id: i64, thought_id: i64 },
    /// Somebody here wants to follow somebody elsewhere.
    FollowRequested { follower: i64, followed: i64 },
    /// Not any more. The id of the Follow that they were sent.
    Unfollowed { follower: i64, followed: i64, activity_id: Option<String> },
    /// Somebody here lets somebody elsewhere follow them. The id of their Follow, and whether they did not follow before.
    FollowerAccepted {
        follower: i64,
        followed: i64,
        activity_id: Option<String>,
        #[serde(default)]
        is_new: bool,
    },
    /// Somebody here does not, or not any more.
    FollowerRejected { follower: i64, followed: i64, activity_id: Option<String> },
    /// Somebody here blocked somebody elsewhere.
    Blocked { blocker: i64, blocked: i64, activity_id: String },
    /// Not any more.
    Unblocked { blocker: i64, blocked: i64, activity_id: String },
    /// The profile of somebody here changed.
    ProfileUpdated { user_id: i64 },
    /// Somebody here moved to another account.
    Moved { user_id: i64, target: String },
    /// Somebody here is gone; their row is empty, their key is there until everybody has been told. Inboxes of those whom they had to
    /// do with.
    UserDeleted {
        user_id: i64,
        #[serde(default)]
        inboxes: Vec<String>,
    },
}

impl Event {
    /// Part of the transaction that makes it true.
    pub fn write(&self, conn: &mut Conn<'_>, now: i64) -> Result<(), Error> {
        let data = serde_json::to_string(self)?;
        conn.execute(
            "INSERT INTO social_events (data, due_at, created_at) VALUES ($1, $2, $2)",
            &[v(&data), v(now)],
        )?;
        Ok(())
    }
}
