//! Who wants to follow somebody who approves of each follower.

use axum::extract::State;
use axum::response::Response;
use server::{Json, Path, Problem};
use social::{Id, relations};

use super::lists::{REQUESTS, listed};
use super::relate::{changed, ended};
use crate::caller::Me;
use crate::entities::Relationship;
use crate::paging::Paging;
use crate::services::Services;
use crate::told::Telling;

pub(super) async fn list(
    State(services): State<Services>,
    Me(me): Me,
    paging: Paging,
) -> Result<Response, Problem> {
    listed(&services, &REQUESTS, me, paging).await
}

pub(super) async fn authorize(
    State(services): State<Services>,
    Me(me): Me,
    Path(id): Path<i64>,
) -> Result<Json<Relationship>, Problem> {
    changed(&services, me, Id(id), |conn, now, me, other| {
        Ok(Telling::default().notified(relations::accept(conn, now, other, me)?))
    })
    .await
}

pub(super) async fn reject(
    State(services): State<Services>,
    Me(me): Me,
    Path(id): Path<i64>,
) -> Result<Json<Relationship>, Problem> {
    changed(&services, me, Id(id), |conn, now, me, other| ended(relations::reject(conn, now, other, me)))
        .await
}
