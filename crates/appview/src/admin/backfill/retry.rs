//! `POST /admin/backfill/{id}/retry-failed`.

use axum::extract::State;
use serde::Serialize;
use server::{Caller, Json, Path, Problem};
use tracing::info;
use utoipa::ToSchema;

use super::problem::problem;
use crate::admin::{Admin, actor};

/// What will be tried again.
#[derive(Serialize, ToSchema)]
#[schema(as = BackfillRetry)]
pub(super) struct Answer {
    id: String,
    /// How many repositories.
    retried: i64,
}

/// Lets the job try again what it could not fetch.
pub(crate) async fn retry(
    State(admin): State<Admin>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Answer>, Problem> {
    let retried = admin.history.backfills.retry_failed(&id).await.map_err(problem)?;
    info!(id, retried, by = actor(&caller), "retry of a backfill asked for");
    Ok(Json(Answer { id, retried }))
}
