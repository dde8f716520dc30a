//! `GET /admin/jobs/{id}`.

use axum::extract::State;
use server::{Json, Path, Problem};

use super::problem;
use super::view::JobView;
use crate::admin::Admin;

/// One job.
pub(crate) async fn show(
    State(admin): State<Admin>,
    Path(id): Path<String>,
) -> Result<Json<JobView>, Problem> {
    let job = admin.scripting.jobs.jobs.get(&id).await.map_err(problem)?;
    Ok(Json(JobView::new(job)))
}
