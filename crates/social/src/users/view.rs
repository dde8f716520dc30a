//! People as the REST API shows them (spec/social.md §3.4).

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use store::Conn;
use utoipa::ToSchema;

use super::{Field, User, by_ids};
use crate::address::Addresses;
use crate::wire::instant;
use crate::{Error, Id, sql};

/// Somebody. Neither e-mail address nor anything secret.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SocialUser)]
pub(crate) struct UserView {
    /// Of those elsewhere, too, one that this server gave.
    pub(crate) id: String,
    /// Without a host here, `name@host` elsewhere.
    pub(crate) username: String,
    display_name: Option<String>,
    /// Text here, harmless HTML elsewhere.
    bio: Option<String>,
    avatar_url: Option<String>,
    header_url: Option<String>,
    /// Every rule is below `#profile-page-USERNAME`.
    custom_css: Option<String>,
    profile_fields: Vec<Field>,
    custom_moods: Vec<Field>,
    local: bool,
    is_followed_by_viewer: bool,
    joined_at: String,
    /// The page about them.
    url: String,
    /// The address of their actor in the fediverse.
    actor_url: String,
    followers_count: i64,
    following_count: i64,
    thoughts_count: i64,
    /// Whether they approve of each follower. Absent where they do not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    manually_approves_followers: bool,
    /// The actor that they say is theirs now. Absent where they are still here.
    #[serde(skip_serializing_if = "Option::is_none")]
    moved_to: Option<String>,
    /// Other actors that they say are theirs too. Absent if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also_known_as: Vec<String>,
}

impl UserView {
    /// As somebody sees them who follows them or not.
    pub(crate) fn new(addresses: &Addresses, user: &User, is_followed: bool) -> Self {
        let picture = |url: &Option<String>| url.as_deref().map(|url| addresses.picture(url));
        let actor = || addresses.actor(&user.uuid);
        let actor_url = user.ap_id.clone().unwrap_or_else(actor);
        Self {
            id: user.uuid.clone(),
            username: user.handle(),
            display_name: user.display_name.clone(),
            bio: user.bio.clone(),
            avatar_url: picture(&user.avatar_url),
            header_url: picture(&user.header_url),
            custom_css: user.custom_css.clone(),
            profile_fields: user.profile_fields.clone(),
            custom_moods: user.custom_moods.clone(),
            local: user.is_local(),
            is_followed_by_viewer: is_followed,
            joined_at: instant(user.created_at),
            url: if user.is_local() {
                addresses.profile(&user.username)
            } else {
                user.url.clone().unwrap_or_else(|| actor_url.clone())
            },
            actor_url,
            followers_count: user.counts.followers,
            following_count: user.counts.following,
            thoughts_count: user.counts.thoughts,
            manually_approves_followers: user.approves_follows,
            moved_to: user.moved_to.clone(),
            also_known_as: user.also_known_as.clone(),
        }
    }
}

/// Whom of `ids` a viewer follows, accepted.
pub(crate) fn followed(conn: &mut Conn<'_>, viewer: Option<Id>, ids: &[i64]) -> Result<HashSet<i64>, Error> {
    let Some(viewer) = viewer.filter(|_| !ids.is_empty()) else { return Ok(HashSet::new()) };
    let list = sql::Ids::new(conn.engine(), ids.iter().copied());
    let sql = format!(
        "SELECT followed FROM social_follows WHERE follower = $1 AND state = 'accepted' AND followed {}",
        list.among(2)
    );
    Ok(conn.query(&sql, &[viewer.into(), list.value()], |row| row.int(0))?.into_iter().collect())
}

/// The people of `ids` by row, without those who are not there.
pub(crate) fn by_row(
    conn: &mut Conn<'_>,
    addresses: &Addresses,
    viewer: Option<Id>,
    ids: &[i64],
) -> Result<HashMap<i64, UserView>, Error> {
    let people = by_ids(conn, ids)?;
    of(conn, addresses, viewer, &people)
}

/// People by row, as somebody sees them.
pub(crate) fn of(
    conn: &mut Conn<'_>,
    addresses: &Addresses,
    viewer: Option<Id>,
    people: &[User],
) -> Result<HashMap<i64, UserView>, Error> {
    let ids: Vec<i64> = people.iter().map(|user| user.id.0).collect();
    let followed = followed(conn, viewer, &ids)?;
    let view = |user: &User| UserView::new(addresses, user, followed.contains(&user.id.0));
    Ok(people.iter().map(|user| (user.id.0, view(user))).collect())
}

/// The people of `ids`, in that order, without those who are not there.
pub(crate) fn views(
    conn: &mut Conn<'_>,
    addresses: &Addresses,
    viewer: Option<Id>,
    ids: &[i64],
) -> Result<Vec<UserView>, Error> {
    let mut views = by_row(conn, addresses, viewer, ids)?;
    Ok(ids.iter().filter_map(|id| views.remove(id)).collect())
}

/// One of them.
pub(crate) fn view(
    conn: &mut Conn<'_>,
    addresses: &Addresses,
    viewer: Option<Id>,
    id: Id,
) -> Result<UserView, Error> {
    views(conn, addresses, viewer, &[id.0])?.pop().ok_or(Error::NotFound("user"))
}
