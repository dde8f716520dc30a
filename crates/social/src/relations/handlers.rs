//! The routes that change what somebody is to others.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use server::{Json, Path, Problem};
use utoipa::ToSchema;

use super::{Act, block_domain, names_of_domain, set_top_friends, unblock_domain};
use crate::Told;
use crate::services::Services;
use crate::wire::Me;

type Done = Result<StatusCode, Problem>;
const DONE: Done = Ok(StatusCode::NO_CONTENT);

/// What is done to somebody who has to be there; elsewhere they may be unknown here until now.
async fn to_somebody(services: &Services, me: Me, name: &str, act: Act) -> Done {
    let other = services.anybody(me.0, name).await?;
    act.by(services, me.0, other.id).await?;
    DONE
}

/// What ends something, also with those who were taken off since.
async fn to_whoever(services: &Services, me: Me, name: &str, act: Act) -> Done {
    let other = services.whoever(name).await?;
    act.by(services, me.0, other.id).await?;
    DONE
}

pub(super) async fn follow(State(services): State<Services>, me: Me, Path(name): Path<String>) -> Done {
    to_somebody(&services, me, &name, Act::Follow).await
}

pub(super) async fn unfollow(State(services): State<Services>, me: Me, Path(name): Path<String>) -> Done {
    to_whoever(&services, me, &name, Act::Unfollow).await
}

pub(super) async fn block(State(services): State<Services>, me: Me, Path(name): Path<String>) -> Done {
    to_somebody(&services, me, &name, Act::Block).await
}

pub(super) async fn unblock(State(services): State<Services>, me: Me, Path(name): Path<String>) -> Done {
    to_whoever(&services, me, &name, Act::Unblock).await
}

pub(super) async fn mute(State(services): State<Services>, me: Me, Path(name): Path<String>) -> Done {
    to_somebody(&services, me, &name, Act::Mute { notifications: true, ends_at: None }).await
}

pub(super) async fn unmute(State(services): State<Services>, me: Me, Path(name): Path<String>) -> Done {
    to_whoever(&services, me, &name, Act::Unmute).await
}

/// In the order of their positions.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SocialTopFriendIds)]
pub(super) struct FriendIds {
    /// At most 5.
    friend_ids: Vec<String>,
}

pub(super) async fn set_friends(
    State(services): State<Services>,
    Me(me): Me,
    Json(FriendIds { friend_ids }): Json<FriendIds>,
) -> Done {
    services.change(move |conn| set_top_friends(conn, me, &friend_ids)).await?;
    DONE
}

/// Somebody elsewhere, by the address of the actor.
#[derive(Deserialize, ToSchema)]
#[schema(as = SocialActorUrl)]
pub(super) struct Actor {
    actor_url: String,
}

pub(super) async fn accept(State(services): State<Services>, me: Me, Json(actor): Json<Actor>) -> Done {
    to_somebody(&services, me, &actor.actor_url, Act::Accept).await
}

pub(super) async fn reject(State(services): State<Services>, me: Me, Json(actor): Json<Actor>) -> Done {
    to_whoever(&services, me, &actor.actor_url, Act::Reject).await
}

pub(super) async fn block_actor(State(services): State<Services>, me: Me, Json(actor): Json<Actor>) -> Done {
    to_somebody(&services, me, &actor.actor_url, Act::Block).await
}

pub(super) async fn unblock_actor(
    State(services): State<Services>,
    me: Me,
    Json(actor): Json<Actor>,
) -> Done {
    to_whoever(&services, me, &actor.actor_url, Act::Unblock).await
}

/// Somebody elsewhere, by handle.
#[derive(Deserialize, ToSchema)]
#[schema(as = SocialHandle)]
pub(super) struct Handle {
    handle: String,
}

pub(super) async fn unfollow_handle(
    State(services): State<Services>,
    me: Me,
    Json(Handle { handle }): Json<Handle>,
) -> Done {
    to_whoever(&services, me, &handle, Act::Unfollow).await
}

/// A host.
#[derive(Deserialize, ToSchema)]
#[schema(as = SocialDomain)]
pub(super) struct Domain {
    /// With its port, if that is not the default.
    domain: String,
}

pub(super) async fn add_domain(
    State(services): State<Services>,
    Me(me): Me,
    Json(Domain { domain }): Json<Domain>,
) -> Done {
    let domain = super::domain(services.addresses(), &domain)?;
    let now = clock::now_micros();
    services.change(move |conn| block_domain(conn, now, me, &domain)).await?;
    services.live().tell(&Told::Changed { user_id: me.0 }).await;
    DONE
}

pub(super) async fn remove_domain(
    State(services): State<Services>,
    Me(me): Me,
    Path(domain): Path<String>,
) -> Done {
    let names = names_of_domain(services.addresses(), &domain);
    services.change(move |conn| names.iter().try_for_each(|name| unblock_domain(conn, me, name))).await?;
    services.live().tell(&Told::Changed { user_id: me.0 }).await;
    DONE
}
