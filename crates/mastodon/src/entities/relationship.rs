//! `Relationship`: what somebody is to somebody else.

use serde::Serialize;
use social::Id;
use social::relations::{Standing, standing};
use store::Conn;

#[derive(Clone, Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the entity is as clients know it")]
pub(crate) struct Relationship {
    id: Id,
    following: bool,
    showing_reblogs: bool,
    notifying: bool,
    languages: Option<()>,
    followed_by: bool,
    blocking: bool,
    blocked_by: bool,
    muting: bool,
    muting_notifications: bool,
    requested: bool,
    requested_by: bool,
    domain_blocking: bool,
    endorsed: bool,
    /// Notes are not kept.
    note: &'static str,
}

/// What `me` and those of `ids` who are there are to each other, in this order.
pub(crate) fn relationships(
    conn: &mut Conn<'_>,
    me: Id,
    ids: &[Id],
    now: i64,
) -> Result<Vec<Relationship>, social::Error> {
    let found = standing(conn, me, now, ids)?;
    Ok(ids.iter().filter_map(|id| Some(Relationship::new(*id, *found.get(id)?))).collect())
}

impl Relationship {
    fn new(id: Id, standing: Standing) -> Self {
        let is_out = standing.follows || standing.has_requested;
        Self {
            id,
            following: standing.follows,
            requested: standing.has_requested,
            showing_reblogs: is_out && standing.shows_boosts,
            notifying: is_out && standing.notifies,
            languages: None,
            followed_by: standing.is_followed_by,
            requested_by: standing.is_requested_by,
            blocking: standing.blocks,
            blocked_by: standing.is_blocked_by,
            muting: standing.mutes,
            muting_notifications: standing.mutes_notifications,
            domain_blocking: standing.blocks_domain,
            endorsed: false,
            note: "",
        }
    }
}
