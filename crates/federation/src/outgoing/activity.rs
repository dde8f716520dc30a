//! Activities that answer or take back others.

use activitypub::object::ActivityType;
use activitypub::write::{self, ActivityDocument};
use serde_json::Value;
use social::Id;
use std::collections::BTreeSet;

use super::Making;
use crate::Error;

/// A Follow as it was sent: its id, who wants to follow, whom.
pub(crate) fn follow_document<'a>(id: &'a str, follower: &'a str, followed: &'a str) -> ActivityDocument<'a> {
    ActivityDocument::new(id, ActivityType::Follow, follower, Value::from(followed))
        .addressed((vec![followed], Vec::new()))
}

/// Says to somebody elsewhere whether they may follow: `follower` and `followed` are actors' addresses.
pub(crate) fn answer_follow(
    making: &mut Making<'_, '_>,
    (sender, followed): (Id, &str),
    (follower, inboxes): (&str, BTreeSet<String>),
    follow_id: &str,
    accepted: bool,
) -> Result<(), Error> {
    let id = making.names.new_activity();
    let follow = follow_document(follow_id, follower, followed);
    let answer =
        if accepted { write::accept(&id, followed, &follow) } else { write::reject(&id, followed, &follow) };
    making.tell(sender, None, &answer, inboxes)
}
