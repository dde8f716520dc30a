//! `GET /admin/dead-letters`.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use server::{Json, Problem, Query};
use utoipa::{IntoParams, ToSchema};

use super::filter;
use super::view::DeadLetterView;
use crate::admin::{Admin, scripts::problem};
use crate::paging;

/// A page, unless somebody says otherwise.
const DEFAULT: u32 = 50;

#[derive(Deserialize, IntoParams)]
pub(crate) struct Request {
    /// Only of this collection.
    collection: Option<String>,
    /// `true`, `false` or `all`. Default: `false`.
    resolved: Option<String>,
    /// How many, from 1 to 100. Default: 50.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
    /// The cursor of the previous page.
    cursor: Option<String>,
}

/// A page of dead letters, the newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = DeadLetterPage)]
pub(super) struct Answer {
    dead_letters: Vec<DeadLetterView>,
    /// Where the next page begins, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    cursor: Option<String>,
}

/// Those that wait for somebody, unless others are asked for.
pub(crate) async fn list(
    State(admin): State<Admin>,
    Query(request): Query<Request>,
) -> Result<Json<Answer>, Problem> {
    let limit = paging::limit_or(request.limit.as_deref(), DEFAULT)?;
    let before = request.cursor.as_deref().map(str::parse).transpose();
    let before = before
        .map_err(|_| Problem::bad_request("malformed cursor: pass that of the previous page, or none"))?;
    let filter = filter(request.collection, request.resolved.as_deref());
    let letters = &admin.scripting.dead_letters;
    let mut found = letters.list(filter, before, limit + 1).await.map_err(problem)?;
    let has_more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let cursor = found.last().filter(|_| has_more).map(|last| last.id.to_string());
    Ok(Json(Answer { dead_letters: found.into_iter().map(DeadLetterView::in_list).collect(), cursor }))
}
