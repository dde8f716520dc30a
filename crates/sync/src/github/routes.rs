//! `/v1/connect/github`.

use std::time::Duration;

use axum::extract::State;
use serde::Serialize;
use server::{Access, Json, Problem, Route};

use super::callback::callback;
use super::link::unlink;
use super::state;
use super::webhook::webhook;
use crate::services::Services;
use crate::wire::{Done, Owner, failed};

/// What is asked for at GitHub (spec/sync.md §2.10).
const SCOPE: &str = "read:user,user:email,read:org,codespace";

/// GitHub is asked three times, each for as long as it may take.
const MAX_TIME: Duration = Duration::from_mins(1);

pub(crate) fn routes() -> Vec<Route<Services>> {
    let (known, anybody) = (Access::Authenticated, Access::Public);
    vec![
        Route::get("/v1/connect/github/params", known, "Where to allow access on GitHub", params),
        Route::get("/v1/connect/github/callback", anybody, "The way back from GitHub", callback)
            .time_limit(MAX_TIME),
        Route::post("/v1/connect/github/webhook", anybody, "What GitHub reports: logged", webhook),
        Route::delete("/v1/connect/github", known, "Disconnects from GitHub", disconnect),
    ]
}

#[derive(Serialize)]
struct Where {
    url: String,
}

async fn params(State(services): State<Services>, owner: Owner) -> Result<Json<Where>, Problem> {
    let app = services.github.app.as_ref();
    let app = app.ok_or_else(|| Problem::bad_request("GitHub OAuth not configured"))?;
    let mut url = app.page("/login/oauth/authorize");
    url.query_pairs_mut()
        .append_pair("client_id", &app.client_id)
        .append_pair("redirect_uri", app.redirect_url.as_str())
        .append_pair("scope", SCOPE)
        .append_pair("state", &state::issue(&services.vault, &owner.account, clock::now_micros())?);
    Ok(Json(Where { url: url.into() }))
}

async fn disconnect(State(services): State<Services>, owner: Owner) -> Result<Json<Done>, Problem> {
    let account = owner.account.clone();
    let ended = services.relay.write(&owner.account, move |tx| unlink(tx, &account)).await;
    ended.map_err(failed("Failed to disconnect GitHub account"))?;
    Ok(Json(Done::YES))
}
