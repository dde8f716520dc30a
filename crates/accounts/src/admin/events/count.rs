//! `GET /admin/events/count`.

use axum::extract::State;
use serde::Serialize;
use server::{Json, Problem, Query};
use utoipa::ToSchema;

use super::{filter, problem};
use crate::Accounts;

/// A number of events.
#[derive(Serialize, ToSchema)]
#[schema(as = EventCount)]
pub(crate) struct Count {
    count: i64,
}

pub(super) async fn count(
    State(accounts): State<Accounts>,
    Query(params): Query<filter::Params>,
) -> Result<Json<Count>, Problem> {
    let filter = params.try_into().map_err(problem::of)?;
    Ok(Json(Count { count: accounts.events.count(filter).await.map_err(problem::of)? }))
}
