//! `GET /admin/backfill/status` and `GET /admin/backfill/{id}`.

use axum::extract::State;
use server::{Json, Path, Problem};

use super::problem::problem;
use super::view::JobView;
use crate::admin::Admin;

/// All jobs, the newest first.
pub(crate) async fn list(State(admin): State<Admin>) -> Result<Json<Vec<JobView>>, Problem> {
    let jobs = admin.history.backfills.jobs().await.map_err(problem)?;
    Ok(Json(jobs.iter().map(JobView::new).collect()))
}

/// One job.
pub(crate) async fn show(
    State(admin): State<Admin>,
    Path(id): Path<String>,
) -> Result<Json<JobView>, Problem> {
    let job = admin.history.backfills.job(&id).await.map_err(problem)?;
    Ok(Json(JobView::new(&job)))
}
