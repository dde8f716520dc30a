//! `DELETE /admin/backfill/{id}/details` and `DELETE /admin/backfill/details`.

use axum::extract::State;
use http::StatusCode;
use server::{Caller, Path, Problem};
use tracing::info;

use super::problem::problem;
use crate::admin::{Admin, actor};

/// Forgets the repositories of one job. The job itself stays.
pub(crate) async fn delete_of_one(
    State(admin): State<Admin>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    admin.history.backfills.delete_details(Some(&id)).await.map_err(problem)?;
    info!(id, by = actor(&caller), "details of a backfill deleted");
    Ok(StatusCode::NO_CONTENT)
}

/// Forgets the repositories of all jobs that have ended.
pub(crate) async fn delete_of_all(State(admin): State<Admin>, caller: Caller) -> Result<StatusCode, Problem> {
    admin.history.backfills.delete_details(None).await.map_err(problem)?;
    info!(by = actor(&caller), "details of finished backfills deleted");
    Ok(StatusCode::NO_CONTENT)
}
