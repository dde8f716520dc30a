//! What happened here, for those elsewhere who have to know (spec/social.md §4.6, §4.9, §5.1).
//!
//! An event becomes an activity and a delivery for each inbox, and is removed, in one transaction.

mod activity;
mod again;
mod audience;
mod backfill;
pub(crate) mod documents;
mod follows;
mod mentions;
mod people;
mod reactions;
mod relay;
mod thoughts;

use std::collections::BTreeSet;

use serde_json::Value;
use social::{Event, Id};
use store::Conn;

use crate::Error;
use crate::delivery::{Outgoing, enqueue};
use crate::domains::Gate;
use crate::names::Names;

pub(crate) use self::activity::{answer_follow, follow_document};
pub(crate) use self::again::run as ask_again;
pub(crate) use self::reactions::announce;
pub(crate) use self::relay::{Relay, run};

/// What an event is turned into, within the transaction that removes it.
pub(super) struct Making<'m, 'c> {
    pub(super) conn: &'m mut Conn<'c>,
    pub(super) now: i64,
    pub(super) names: &'m Names,
    pub(super) terms: Terms,
}

/// What the operator decided about what is told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    /// Whom this server speaks with.
    pub(crate) gate: Gate,
    /// Whether those who are blocked are told.
    pub(crate) tell_of_blocks: bool,
    /// Newest public thoughts that a new follower is sent.
    pub(crate) backfill: u32,
}

impl Making<'_, '_> {
    /// Queues an activity for everybody of these who is not blocked by its sender.
    pub(super) fn send(
        &mut self,
        sender: Id,
        subject: Option<String>,
        activity: &Value,
        inboxes: BTreeSet<String>,
    ) -> Result<(), Error> {
        let blocked = audience::blocked(self.conn, sender)?;
        self.tell(
            sender,
            subject,
            activity,
            inboxes.into_iter().filter(|inbox| !blocked.contains(inbox)).collect(),
        )
    }

    /// Queues an activity, also for those whom its sender blocks.
    pub(super) fn tell(
        &mut self,
        sender: Id,
        subject: Option<String>,
        activity: &Value,
        inboxes: BTreeSet<String>,
    ) -> Result<(), Error> {
        let address = activity
            .get("id")
            .and_then(Value::as_str)
            .ok_or(Error::Broken("an activity has no id"))?
            .to_owned();
        let body = serde_json::to_string(activity)?;
        let inboxes = audience::permitted(self.conn, self.terms.gate, inboxes)?;
        enqueue(self.conn, self.now, &Outgoing { address, sender, subject, body, inboxes })?;
        Ok(())
    }
}

/// Makes of an event what has to be sent.
pub(super) fn make(making: &mut Making<'_, '_>, event: &Event) -> Result<(), Error> {
    match event {
        Event::ThoughtCreated { thought_id, .. } => thoughts::created(making, Id(*thought_id)),
        Event::ThoughtUpdated { thought_id, .. } => thoughts::updated(making, Id(*thought_id)),
        Event::ThoughtDeleted { uuid, user_id, visibility, inboxes } => {
            thoughts::deleted(making, uuid, Id(*user_id), visibility, inboxes)
        }
        Event::LikeAdded { like_uuid, user_id, thought_id } => {
            reactions::liked(making, like_uuid, Id(*user_id), Id(*thought_id), true)
        }
        Event::LikeRemoved { like_uuid, user_id, thought_id } => {
            reactions::liked(making, like_uuid, Id(*user_id), Id(*thought_id), false)
        }
        Event::BoostAdded { boost_uuid, user_id, thought_id } => {
            reactions::boosted(making, boost_uuid, Id(*user_id), Id(*thought_id), true)
        }
        Event::BoostRemoved { boost_uuid, user_id, thought_id } => {
            reactions::boosted(making, boost_uuid, Id(*user_id), Id(*thought_id), false)
        }
        Event::FollowRequested { follower, followed } => {
            follows::requested(making, Id(*follower), Id(*followed))
        }
        Event::Unfollowed { follower, followed, activity_id } => {
            follows::undone(making, Id(*follower), Id(*followed), activity_id.as_deref())
        }
        Event::FollowerAccepted { follower, followed, activity_id, is_new } => {
            follows::answered(making, Id(*follower), Id(*followed), activity_id.as_deref(), true)?;
            if *is_new { backfill::send(making, Id(*follower), Id(*followed)) } else { Ok(()) }
        }
        Event::FollowerRejected { follower, followed, activity_id } => {
            follows::answered(making, Id(*follower), Id(*followed), activity_id.as_deref(), false)
        }
        Event::Blocked { blocker, blocked, activity_id } => {
            follows::blocked(making, Id(*blocker), Id(*blocked), activity_id, true)
        }
        Event::Unblocked { blocker, blocked, activity_id } => {
            follows::blocked(making, Id(*blocker), Id(*blocked), activity_id, false)
        }
        Event::ProfileUpdated { user_id } => people::updated(making, Id(*user_id)),
        Event::Moved { user_id, target } => people::moved(making, Id(*user_id), target),
        Event::UserDeleted { user_id, inboxes } => people::deleted(making, Id(*user_id), inboxes),
    }
}
