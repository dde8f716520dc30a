//! `DELETE /admin/labelers/{did}`.

use axum::extract::State;
use http::StatusCode;
use server::{Caller, Path, Problem};

use super::{did, not_found};
use crate::admin::Admin;

/// Unsubscribes; all its labels are gone when it answers.
pub(crate) async fn remove(
    State(admin): State<Admin>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    let did = did(&name)?;
    let removed = admin.labelling.labelers.remove(&did, caller.principal.did()).await;
    if removed.map_err(Problem::internal)? { Ok(StatusCode::NO_CONTENT) } else { Err(not_found()) }
}
