//! Lists of people.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use serde_json::{Value, json};
use server::{Json, Path, Problem};
use social::Id;

use super::show::find;
use crate::caller::Me;
use crate::entities::accounts_in_order;
use crate::fields::Fields;
use crate::paging::{Paging, Walk, walk};
use crate::refusal::Refusal;
use crate::services::Services;

static FOLLOWERS: Walk = walk!(
    "SELECT f.follower, f.follower FROM social_follows f JOIN social_users u ON u.id = f.follower
     WHERE f.followed = $1 AND f.state = 'accepted' AND u.suspended_at IS NULL",
    "f.follower"
);

static FOLLOWING: Walk = walk!(
    "SELECT f.followed, f.followed FROM social_follows f JOIN social_users u ON u.id = f.followed
     WHERE f.follower = $1 AND f.state = 'accepted' AND u.suspended_at IS NULL",
    "f.followed"
);

static BLOCKS: Walk =
    walk!("SELECT b.blocked, b.blocked FROM social_blocks b WHERE b.blocker = $1", "b.blocked");

static MUTES: Walk = walk!("SELECT m.muted, m.muted FROM social_mutes m WHERE m.muter = $1", "m.muted");

pub(super) static REQUESTS: Walk = walk!(
    "SELECT f.follower, f.follower FROM social_follows f WHERE f.followed = $1 AND f.state = 'pending'",
    "f.follower"
);

pub(super) async fn followers(
    State(services): State<Services>,
    Path(id): Path<i64>,
    paging: Paging,
) -> Result<Response, Problem> {
    connected(&services, &FOLLOWERS, Id(id), paging).await
}

pub(super) async fn following(
    State(services): State<Services>,
    Path(id): Path<i64>,
    paging: Paging,
) -> Result<Response, Problem> {
    connected(&services, &FOLLOWING, Id(id), paging).await
}

/// Of those who are elsewhere: as far as it is known here.
async fn connected(
    services: &Services,
    walk: &'static Walk,
    whose: Id,
    paging: Paging,
) -> Result<Response, Problem> {
    services.social.ask(move |conn| find(conn, whose)).await.map_err(Refusal::from)?;
    listed(services, walk, whose, paging).await
}

pub(super) async fn blocks(
    State(services): State<Services>,
    Me(me): Me,
    paging: Paging,
) -> Result<Response, Problem> {
    listed(&services, &BLOCKS, me, paging).await
}

pub(super) async fn mutes(
    State(services): State<Services>,
    Me(me): Me,
    paging: Paging,
) -> Result<Response, Problem> {
    listed(&services, &MUTES, me, paging).await
}

/// A page of people.
pub(crate) async fn listed(
    services: &Services,
    walk: &'static Walk,
    whose: Id,
    paging: Paging,
) -> Result<Response, Problem> {
    let (addresses, span, limit) = (services.addresses().clone(), paging.span(), paging.limit(40, 80));
    let read = services.social.ask(move |conn| {
        let (ids, ends) = walk.ids(conn, span, whose, limit)?;
        Ok((accounts_in_order(conn, &addresses, &ids)?, ends))
    });
    let (items, ends) = read.await.map_err(Refusal::from)?;
    Ok(paging.page(services.base(), items, ends))
}

/// Who knows whom is not told.
pub(super) async fn familiar(RawQuery(query): RawQuery) -> Json<Vec<Value>> {
    let asked = Fields::of_form(query.unwrap_or_default().as_bytes());
    Json(asked.list("id").take(40).map(|id| json!({ "id": id, "accounts": [] })).collect())
}

pub(super) async fn none() -> Json<[(); 0]> {
    Json([])
}
