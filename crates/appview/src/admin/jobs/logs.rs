//! `GET /admin/jobs/{id}/logs`.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use server::{Json, Path, Problem, Query};
use utoipa::{IntoParams, ToSchema};

use super::problem;
use super::view::LogLineView;
use crate::admin::Admin;
use crate::paging;

/// A page, unless somebody says otherwise.
const DEFAULT: u32 = 100;

#[derive(Deserialize, IntoParams)]
pub(crate) struct Request {
    /// How many, from 1 to 100. Default: 100.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
    /// The cursor of the previous page.
    cursor: Option<String>,
}

/// A page of a job's log, the oldest lines first. Its newest thousand lines are kept.
#[derive(Serialize, ToSchema)]
#[schema(as = JobLogPage)]
pub(super) struct Answer {
    logs: Vec<LogLineView>,
    /// Where the next page begins, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    cursor: Option<String>,
}

/// What the job wrote down while it ran.
pub(crate) async fn logs(
    State(admin): State<Admin>,
    Path(id): Path<String>,
    Query(request): Query<Request>,
) -> Result<Json<Answer>, Problem> {
    let limit = paging::limit_or(request.limit.as_deref(), DEFAULT)?;
    let after = request.cursor.as_deref().map(str::parse).transpose();
    let after =
        after.map_err(|_| Problem::bad_request("malformed cursor: use the cursor of the page before"))?;
    let logs = &admin.scripting.jobs.jobs;
    let mut lines = logs.logs(&id, after.unwrap_or(0), limit + 1).await.map_err(problem)?;
    let has_more = lines.len() > limit as usize;
    lines.truncate(limit as usize);
    let cursor = lines.last().filter(|_| has_more).map(|last| last.line.to_string());
    Ok(Json(Answer { logs: lines.into_iter().map(LogLineView::new).collect(), cursor }))
}
