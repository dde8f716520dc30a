//! `GET /admin/jobs`.

use axum::extract::State;
use jobs::Query as Wanted;
use serde::{Deserialize, Serialize};
use server::{Json, Problem, Query};
use utoipa::{IntoParams, ToSchema};

use super::problem;
use super::view::JobView;
use crate::admin::Admin;
use crate::paging;

/// A page, unless somebody says otherwise.
const DEFAULT: u32 = 50;

#[derive(Deserialize, IntoParams)]
pub(crate) struct Request {
    /// Only with this status: `pending`, `running`, `pausing`, `paused`, `cancelling`, `cancelled`, `completed` or
    /// `failed`.
    status: Option<String>,
    /// Only of this type.
    job_type: Option<String>,
    /// How many, from 1 to 100. Default: 50.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
    /// The cursor of the previous page.
    cursor: Option<String>,
}

/// A page of background jobs, the newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = JobPage)]
pub(super) struct Answer {
    jobs: Vec<JobView>,
    /// Where the next page begins, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    cursor: Option<String>,
}

/// All of them, or those that are asked for.
pub(crate) async fn list(
    State(admin): State<Admin>,
    Query(request): Query<Request>,
) -> Result<Json<Answer>, Problem> {
    let wanted = Wanted {
        status: request.status.as_deref().map(str::parse).transpose().map_err(problem)?,
        job_type: request.job_type.as_deref().map(str::parse).transpose().map_err(problem)?,
        limit: paging::limit_or(request.limit.as_deref(), DEFAULT)?,
        after: request.cursor,
    };
    let page = admin.scripting.jobs.jobs.list(wanted).await.map_err(problem)?;
    Ok(Json(Answer { jobs: page.jobs.into_iter().map(JobView::new).collect(), cursor: page.next }))
}
