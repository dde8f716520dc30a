//! `POST /admin/backfill/{id}/pause`, `…/resume` and `…/cancel`.

use axum::extract::State;
use server::{Caller, Json, Path, Problem};
use tracing::info;

use super::problem::problem;
use super::view::StatusView;
use crate::admin::{Admin, actor};

/// Asks the job to stop and keep what it has.
pub(crate) async fn pause(
    State(admin): State<Admin>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<StatusView>, Problem> {
    let job = admin.history.backfills.pause(&id).await.map_err(problem)?;
    info!(id, status = %job.status, by = actor(&caller), "pause of a backfill asked for");
    Ok(Json(StatusView::of(&job)))
}

/// Lets a paused job go on.
pub(crate) async fn resume(
    State(admin): State<Admin>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<StatusView>, Problem> {
    let job = admin.history.backfills.resume(&id).await.map_err(problem)?;
    info!(id, by = actor(&caller), "backfill resumed");
    Ok(Json(StatusView::running(&job)))
}

/// Asks the job to stop for good. A paused one has done so already.
pub(crate) async fn cancel(
    State(admin): State<Admin>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<StatusView>, Problem> {
    let job = admin.history.backfills.cancel(&id).await.map_err(problem)?;
    info!(id, status = %job.status, by = actor(&caller), "cancelling of a backfill asked for");
    Ok(Json(StatusView::of(&job)))
}
