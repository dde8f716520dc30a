//! `/admin/service-entries/sync-plc`.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use server::{Caller, Json, Problem};

use crate::service::Service;

/// What the PDS has mailed.
#[derive(Deserialize)]
pub(super) struct Token {
    pub(super) token: String,
}

pub(super) async fn sync(State(service): State<Service>, caller: Caller) -> Result<StatusCode, Problem> {
    service.sync(caller.principal.did()).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn request(State(service): State<Service>) -> Result<StatusCode, Problem> {
    service.request_plc_token().await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn submit(
    State(service): State<Service>,
    caller: Caller,
    Json(Token { token }): Json<Token>,
) -> Result<StatusCode, Problem> {
    service.sync_attached(&token, caller.principal.did()).await?;
    Ok(StatusCode::NO_CONTENT)
}
