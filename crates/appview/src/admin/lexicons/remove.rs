//! `DELETE /admin/lexicons/{id}`.

use axum::extract::State;
use http::StatusCode;
use server::{Caller, Path, Problem};
use tracing::info;

use crate::admin::{Admin, actor, problem::problem};

/// Indexed records stay.
pub(crate) async fn remove(
    State(admin): State<Admin>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    if !admin.lexicons(&caller).remove(&id).await.map_err(problem)? {
        return Err(Problem::not_found("lexicon not found"));
    }
    admin.catalogue.refresh().await.map_err(problem)?;
    info!(id, by = actor(&caller), "lexicon removed");
    Ok(StatusCode::NO_CONTENT)
}
