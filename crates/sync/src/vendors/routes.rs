//! `/v1/connect`.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use server::{Access, Json, Problem, Route};

use super::token::{Vendor, VendorToken, get, put, remove};
use crate::Error;
use crate::limits::MAX_BODY;
use crate::services::Services;
use crate::wire::{Body, Done, Opaque, Owner, Params};

pub(crate) fn routes() -> Vec<Route<Services>> {
    let known = Access::Authenticated;
    vec![
        Route::get("/v1/connect/tokens", known, "The account's tokens of vendors", show_all),
        Route::post("/v1/connect/{vendor}/register", known, "Leaves a vendor's token", register)
            .body_limit(MAX_BODY),
        Route::get("/v1/connect/{vendor}/token", known, "A vendor's token", show),
        Route::delete("/v1/connect/{vendor}", known, "Removes a vendor's token", forget),
    ]
}

fn vendor(name: &str) -> Result<Vendor, Problem> {
    let unknown = || Problem::bad_request("params/vendor must be openai, anthropic or gemini").named("Error");
    Vendor::named(name).ok_or_else(unknown)
}

#[derive(Deserialize)]
struct Left {
    token: Opaque,
}

async fn register(
    State(services): State<Services>,
    owner: Owner,
    Params([name]): Params<1>,
    Body(Left { token }): Body<Left>,
) -> Result<Json<Done>, Problem> {
    let (vendor, vault) = (vendor(&name)?, services.vault.clone());
    let left = move |conn: &mut store::Conn<'_>| put(conn, &vault, &owner.account, vendor, &token);
    services.relay.state().write(left).await?;
    Ok(Json(Done::YES))
}

#[derive(Serialize)]
struct Found {
    token: Option<String>,
}

async fn show(
    State(services): State<Services>,
    owner: Owner,
    Params([name]): Params<1>,
) -> Result<Json<Found>, Problem> {
    let (vendor, vault) = (vendor(&name)?, services.vault.clone());
    let found = services.relay.read(move |conn| get(conn, &vault, &owner.account, Some(vendor))).await?.pop();
    Ok(Json(Found { token: found.map(|found| found.token) }))
}

#[derive(Serialize)]
struct All {
    tokens: Vec<VendorToken>,
}

async fn show_all(State(services): State<Services>, owner: Owner) -> Result<Json<All>, Problem> {
    let vault = services.vault.clone();
    let tokens = services.relay.read(move |conn| get(conn, &vault, &owner.account, None)).await?;
    Ok(Json(All { tokens }))
}

async fn forget(
    State(services): State<Services>,
    owner: Owner,
    Params([name]): Params<1>,
) -> Result<Json<Done>, Problem> {
    let vendor = vendor(&name)?;
    let removed =
        services.relay.state().write(move |conn| remove(conn, &owner.account, vendor.name())).await?;
    if removed { Ok(Json(Done::YES)) } else { Err(Error::NotFound("Token").into()) }
}
