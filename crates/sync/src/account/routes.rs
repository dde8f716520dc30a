//! The routes of the account, and what a client asks about itself.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use server::{Access, Json, Problem, Route};

use super::{delete, export, profile, settings};
use crate::services::Services;
use crate::wire::{Body, Label};

pub(crate) fn routes() -> Vec<Route<Services>> {
    let (known, anybody) = (Access::Authenticated, Access::Public);
    vec![
        Route::get("/v1/account/profile", known, "Who the account is", profile::show),
        Route::get("/v1/account/settings", known, "What the account has set", settings::show),
        Route::post("/v1/account/settings", known, "Sets it, if it is as expected", settings::change)
            .body_limit(crate::limits::MAX_BODY),
        Route::get(
            "/v1/account/export",
            known,
            "Everything the account has here, line by line",
            export::export,
        ),
        Route::delete("/v1/account", known, "Deletes the account and everything it has", delete::delete)
            .time_limit(Duration::from_mins(10)),
        Route::post("/v1/version", anybody, "Whether the client must be replaced: no", version),
    ]
}

/// What a client says it is; any is welcome here.
#[derive(Deserialize)]
struct Client {
    #[serde(rename = "platform")]
    _platform: Label,
    #[serde(rename = "version")]
    _version: Label,
    #[serde(rename = "app_id")]
    _app_id: Label,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Update {
    update_url: Option<()>,
}

async fn version(Body(_): Body<Client>) -> Result<Json<Update>, Problem> {
    Ok(Json(Update { update_url: None }))
}
