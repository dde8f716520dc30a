//! `GET /social/users/{username}`, and who is there by what they are called elsewhere.

use std::collections::HashMap;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use server::{Json, Path, Problem, Query};
use store::Conn;
use utoipa::{IntoParams, ToSchema};

use super::{Field, User, UserView, view};
use crate::address::Addresses;
use crate::services::Services;
use crate::wire::{Me, Viewer};
use crate::{Error, sql};

pub(super) async fn show(
    State(services): State<Services>,
    Viewer(viewer): Viewer,
    Path(name): Path<String>,
) -> Result<Json<UserView>, Problem> {
    let user = services.somebody(&name).await?;
    services.looked_at(&user);
    let addresses = services.addresses().clone();
    Ok(Json(services.ask(move |conn| view(conn, &addresses, viewer, user.id)).await?))
}

/// A handle or the address of an actor.
#[derive(Deserialize, IntoParams)]
pub(super) struct Lookup {
    /// `@user@host`.
    handle: String,
}

/// Somebody as other servers know them (spec/social.md §3.4).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SocialActor)]
pub(crate) struct ActorView {
    handle: String,
    display_name: Option<String>,
    avatar_url: Option<String>,
    url: String,
    bio: Option<String>,
    banner_url: Option<String>,
    also_known_as: Vec<String>,
    outbox_url: Option<String>,
    followers_url: Option<String>,
    following_url: Option<String>,
    attachment: Vec<Field>,
}

/// Where the lists of somebody elsewhere are: what they wrote, who follows them, whom they follow.
type Lists = [Option<String>; 3];

impl ActorView {
    /// These people, in their order.
    pub(crate) fn of(conn: &mut Conn<'_>, addresses: &Addresses, users: &[User]) -> Result<Vec<Self>, Error> {
        if users.is_empty() {
            return Ok(Vec::new());
        }
        let ids = sql::Ids::new(conn.engine(), users.iter().map(|user| user.id.0));
        let sql = format!(
            "SELECT user_id, outbox, followers, following FROM social_remote_actors WHERE user_id {}",
            ids.among(1)
        );
        let text = |row: &store::Row<'_>, column| Ok::<_, Error>(row.opt_text(column)?.map(str::to_owned));
        let lists = conn.query(&sql, &[ids.value()], |row| {
            Ok::<_, Error>((row.int(0)?, [text(row, 1)?, text(row, 2)?, text(row, 3)?]))
        })?;
        let mut lists: HashMap<i64, Lists> = lists.into_iter().collect();
        let view = |user: &User| Self::new(addresses, user, lists.remove(&user.id.0).unwrap_or_default());
        Ok(users.iter().map(view).collect())
    }

    fn new(addresses: &Addresses, user: &User, [outbox, followers, following]: Lists) -> Self {
        let own = |part: &str| user.is_local().then(|| addresses.of_actor(&user.uuid, part));
        let picture = |url: &Option<String>| url.as_deref().map(|url| addresses.picture(url));
        Self {
            handle: match &user.host {
                Some(host) => format!("@{}@{host}", user.username),
                None => format!("@{}@{}", user.username, addresses.domain()),
            },
            display_name: user.display_name.clone(),
            avatar_url: picture(&user.avatar_url),
            url: user.ap_id.clone().unwrap_or_else(|| addresses.actor(&user.uuid)),
            bio: user.bio.clone(),
            banner_url: picture(&user.header_url),
            also_known_as: user.also_known_as.clone(),
            outbox_url: outbox.or_else(|| own("outbox")),
            followers_url: followers.or_else(|| own("followers")),
            following_url: following.or_else(|| own("following")),
            attachment: user.profile_fields.clone(),
        }
    }
}

/// Asks a server elsewhere on behalf of a stranger's word, so strangers to us may not.
pub(super) async fn look_up(
    State(services): State<Services>,
    Me(me): Me,
    Query(Lookup { handle }): Query<Lookup>,
) -> Result<Json<ActorView>, Problem> {
    let (user, addresses) = (services.looked_up(Some(me), &handle).await?, services.addresses().clone());
    let found =
        services.ask(move |conn| ActorView::of(conn, &addresses, std::slice::from_ref(&user))).await?;
    Ok(Json(found.into_iter().next().ok_or(Error::NotFound("user"))?))
}
