//! `DELETE /admin/api-clients/{id}`.

use axum::extract::State;
use http::StatusCode;
use server::{Caller, Path, Problem};

use crate::clients::Clients;

pub(crate) async fn remove(
    State(clients): State<Clients>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    clients.remove(caller.principal.did(), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
