//! `GET /admin/dead-letters/count`.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use server::{Json, Problem, Query};
use utoipa::{IntoParams, ToSchema};

use super::filter;
use crate::admin::{Admin, scripts::problem};

#[derive(Deserialize, IntoParams)]
pub(crate) struct Request {
    /// Only of this collection.
    collection: Option<String>,
    /// `true`, `false` or `all`. Default: `false`.
    resolved: Option<String>,
}

/// How many there are.
#[derive(Serialize, ToSchema)]
#[schema(as = DeadLetterCount)]
pub(super) struct Answer {
    count: i64,
}

/// The number that a page of all of them would have.
pub(crate) async fn count(
    State(admin): State<Admin>,
    Query(request): Query<Request>,
) -> Result<Json<Answer>, Problem> {
    let filter = filter(request.collection, request.resolved.as_deref());
    let count = admin.scripting.dead_letters.count(filter).await.map_err(problem)?;
    Ok(Json(Answer { count }))
}
