//! `/v1/push-tokens`.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use server::{Access, Json, Problem, Route};
use store::{Conn, v};

use super::event;
use crate::Error;
use crate::id::new_id;
use crate::limits::MAX_PUSH_TOKENS;
use crate::services::Services;
use crate::wire::{Body, Done, Label, Owner, Params, failed, millis};

pub(crate) fn routes() -> Vec<Route<Services>> {
    let known = Access::Authenticated;
    vec![
        Route::get("/v1/push-tokens", known, "The account's devices", show_all),
        Route::post("/v1/push-tokens", known, "Adds a device", add),
        Route::delete("/v1/push-tokens/{token}", known, "Removes a device", remove),
        Route::post("/v1/sessions/{id}/push-event", known, "A session wants attention", event::push),
    ]
}

#[derive(Deserialize)]
struct New {
    token: Label,
}

async fn add(
    State(services): State<Services>,
    owner: Owner,
    Body(New { token }): Body<New>,
) -> Result<Json<Done>, Problem> {
    let add = services.relay.state().write(move |conn| upsert(conn, &owner.account, &token)).await;
    add.map_err(failed("Failed to register push token"))?;
    Ok(Json(Done::YES))
}

/// Of too many, those that were not heard of for longest give way.
fn upsert(conn: &mut Conn<'_>, account: &str, token: &str) -> Result<(), Error> {
    conn.execute(
        "INSERT INTO sync_push_tokens (id, account_id, token, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $4)
         ON CONFLICT (account_id, token) DO UPDATE SET updated_at = excluded.updated_at",
        &[v(&new_id()), v(account), v(token), v(clock::now_micros())],
    )?;
    conn.execute(
        "DELETE FROM sync_push_tokens WHERE account_id = $1 AND token IN (
             SELECT token FROM sync_push_tokens WHERE account_id = $1 ORDER BY updated_at DESC, id DESC
             LIMIT 1000000 OFFSET $2
         )",
        &[v(account), v(MAX_PUSH_TOKENS)],
    )?;
    Ok(())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Device {
    id: String,
    token: String,
    created_at: i64,
    updated_at: i64,
}

#[derive(Serialize)]
struct Devices {
    tokens: Vec<Device>,
}

async fn show_all(State(services): State<Services>, owner: Owner) -> Result<Json<Devices>, Problem> {
    let tokens = services.relay.read(move |conn| {
        conn.query(
            "SELECT id, token, created_at, updated_at FROM sync_push_tokens
             WHERE account_id = $1 ORDER BY created_at DESC",
            &[v(&*owner.account)],
            |row| {
                let (created_at, updated_at) = (millis(row.int(2)?), millis(row.int(3)?));
                Ok(Device { id: row.string(0)?, token: row.string(1)?, created_at, updated_at })
            },
        )
    });
    Ok(Json(Devices { tokens: tokens.await? }))
}

async fn remove(
    State(services): State<Services>,
    owner: Owner,
    Params([token]): Params<1>,
) -> Result<Json<Done>, Problem> {
    let removal = services.relay.state().write(move |conn| {
        let sql = "DELETE FROM sync_push_tokens WHERE account_id = $1 AND token = $2";
        conn.execute(sql, &[v(&*owner.account), v(&token)])
    });
    removal.await.map_err(Error::from)?;
    Ok(Json(Done::YES))
}
