//! `/v1/access-keys/{session}/{machine}`.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use server::{Access, Json, Problem, Route};

use super::key::{AccessKey, create, find, update};
use crate::limits::MAX_BODY;
use crate::services::Services;
use crate::wire::{Body, Opaque, Owner, Params, failed};

pub(crate) fn routes() -> Vec<Route<Services>> {
    let (known, path) = (Access::Authenticated, "/v1/access-keys/{session}/{machine}");
    vec![
        Route::get(path, known, "A machine's key to a session", show),
        Route::post(path, known, "Makes a machine's key to a session", make).body_limit(MAX_BODY),
        Route::put(path, known, "Replaces a machine's key, if it is as expected", replace)
            .body_limit(MAX_BODY),
    ]
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    access_key: Option<AccessKey>,
}

async fn show(
    State(services): State<Services>,
    owner: Owner,
    Params([session, machine]): Params<2>,
) -> Result<Json<Found>, Problem> {
    let read = move |conn: &mut store::Conn<'_>| find(conn, &owner.account, &session, &machine);
    let access_key = services.relay.read(read).await.map_err(failed("Failed to get access key"))?;
    Ok(Json(Found { access_key }))
}

#[derive(Deserialize)]
struct New {
    data: Opaque,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Made {
    success: bool,
    access_key: AccessKey,
}

async fn make(
    State(services): State<Services>,
    owner: Owner,
    Params([session, machine]): Params<2>,
    Body(New { data }): Body<New>,
) -> Result<Json<Made>, Problem> {
    let account = owner.account.clone();
    let create =
        services.relay.write(&owner.account, move |tx| create(tx, &account, (&session, &machine), &data));
    let access_key = create.await.map_err(failed("Failed to create access key"))?;
    Ok(Json(Made { success: true, access_key }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    data: Opaque,
    expected_version: u32,
}

async fn replace(
    State(services): State<Services>,
    owner: Owner,
    Params([session, machine]): Params<2>,
    Body(new): Body<Replacement>,
) -> Result<Json<Value>, Problem> {
    let account = owner.account.clone();
    let update = services.relay.write(&owner.account, move |tx| {
        update(tx, &account, (&session, &machine), &new.data, new.expected_version.into())
    });
    Ok(Json(match update.await.map_err(failed("Failed to update access key"))? {
        Ok(version) => json!({ "success": true, "version": version }),
        Err((version, data)) => json!({
            "success": false, "error": "version-mismatch", "currentVersion": version, "currentData": data,
        }),
    }))
}
