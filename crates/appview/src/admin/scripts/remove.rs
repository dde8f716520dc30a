//! `DELETE /admin/scripts/{id}`.

use axum::extract::State;
use http::StatusCode;
use server::{Caller, Path, Problem};

use super::{not_found, problem};
use crate::admin::Admin;

/// From now on its trigger does what it does without a script.
pub(crate) async fn remove(
    State(admin): State<Admin>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let library = &admin.scripting.library;
    if !library.scripts().remove(&id, caller.principal.did()).await.map_err(problem)? {
        return Err(not_found());
    }
    library.refresh().await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}
