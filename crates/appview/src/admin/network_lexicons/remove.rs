//! `DELETE /admin/network-lexicons/{nsid}`.

use axum::extract::State;
use http::StatusCode;
use server::{Caller, Path, Problem};
use tracing::info;

use crate::admin::{Admin, actor, problem::problem};

/// Stops following the publisher and removes the lexicon. Lexicons added by hand are not touched.
pub(crate) async fn remove(
    State(admin): State<Admin>,
    caller: Caller,
    Path(nsid): Path<String>,
) -> Result<StatusCode, Problem> {
    if !admin.lexicons(&caller).remove_network(&nsid).await.map_err(problem)? {
        return Err(Problem::not_found("network lexicon not found"));
    }
    admin.catalogue.refresh().await.map_err(problem)?;
    info!(nsid, by = actor(&caller), "network lexicon removed");
    Ok(StatusCode::NO_CONTENT)
}
