//! `GET /social/users/{username}`, and who is there by what they are called elsewhere.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use server::{Json, Path, Problem, Query};
use utoipa::{IntoParams, ToSchema};

use super::{Field, User, UserView, view};
use crate::address::Addresses;
use crate::services::Services;
use crate::wire::{Me, Viewer};

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

impl ActorView {
    pub(crate) fn new(addresses: &Addresses, user: &User) -> Self {
        let part = |part: &str| user.is_local().then(|| addresses.of_actor(&user.uuid, part));
        Self {
            handle: match &user.host {
                Some(host) => format!("@{}@{host}", user.username),
                None => format!("@{}@{}", user.username, addresses.domain()),
            },
            display_name: user.display_name.clone(),
            avatar_url: user.avatar_url.clone(),
            url: user.ap_id.clone().unwrap_or_else(|| addresses.actor(&user.uuid)),
            bio: user.bio.clone(),
            banner_url: user.header_url.clone(),
            also_known_as: user.also_known_as.clone(),
            outbox_url: part("outbox"),
            followers_url: part("followers"),
            following_url: part("following"),
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
    let user = services.looked_up(Some(me), &handle).await?;
    Ok(Json(ActorView::new(services.addresses(), &user)))
}
