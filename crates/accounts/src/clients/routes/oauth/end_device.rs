//! `DELETE /oauth/sessions/{did}/devices/{session_id}`.

use axum::extract::State;
use http::{StatusCode, request::Parts};
use server::{Path, Problem};

use super::did;
use crate::clients::Clients;

pub(crate) async fn end_device(
    State(clients): State<Clients>,
    Path((account, session_id)): Path<(String, String)>,
    parts: Parts,
) -> Result<StatusCode, Problem> {
    let account = did(&account)?;
    let access = clients.session_access(&parts, &account).await?;
    clients.end_device(&access, &account, &session_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
