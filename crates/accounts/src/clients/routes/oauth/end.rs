//! `DELETE /oauth/sessions/{did}`.

use axum::extract::State;
use http::{StatusCode, request::Parts};
use server::{Path, Problem};

use super::did;
use crate::clients::Clients;

pub(crate) async fn end(
    State(clients): State<Clients>,
    Path(account): Path<String>,
    parts: Parts,
) -> Result<StatusCode, Problem> {
    let account = did(&account)?;
    let access = clients.session_access(&parts, &account).await?;
    clients.end_sessions(&access, &account).await?;
    Ok(StatusCode::NO_CONTENT)
}
