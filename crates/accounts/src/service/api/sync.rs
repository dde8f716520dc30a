//! `/admin/service-entries/sync-plc`.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use server::{Caller, Json, Problem, Route};
use utoipa::ToSchema;

use crate::permissions::SETTINGS_MANAGE;
use crate::service::Service;

pub(super) fn routes() -> [Route<Service>; 3] {
    [
        Route::post(
            "/admin/service-entries/sync-plc",
            SETTINGS_MANAGE,
            "Bring the PLC directory up to date",
            sync,
        )
        .operation_id("syncPlc")
        .gives_nothing(StatusCode::NO_CONTENT),
        Route::post(
            "/admin/service-entries/sync-plc/request",
            SETTINGS_MANAGE,
            "Have the attached account mailed a token for the PLC directory",
            request,
        )
        .operation_id("requestPlcToken")
        .gives_nothing(StatusCode::NO_CONTENT),
        Route::post(
            "/admin/service-entries/sync-plc/submit",
            SETTINGS_MANAGE,
            "Bring the attached account's document up to date",
            submit,
        )
        .operation_id("submitPlcToken")
        .takes::<Token>()
        .gives_nothing(StatusCode::NO_CONTENT),
    ]
}

/// What the PDS has mailed.
#[derive(Deserialize, ToSchema)]
#[schema(as = PlcToken)]
pub(super) struct Token {
    pub(super) token: String,
}

async fn sync(State(service): State<Service>, caller: Caller) -> Result<StatusCode, Problem> {
    service.sync(caller.principal.did()).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn request(State(service): State<Service>) -> Result<StatusCode, Problem> {
    service.request_plc_token().await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn submit(
    State(service): State<Service>,
    caller: Caller,
    Json(Token { token }): Json<Token>,
) -> Result<StatusCode, Problem> {
    service.sync_attached(&token, caller.principal.did()).await?;
    Ok(StatusCode::NO_CONTENT)
}
