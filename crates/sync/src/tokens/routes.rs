//! `/v1/auth/tokens`: what the reference does not have.

use axum::extract::State;
use serde::Serialize;
use server::{Access, Json, Problem, Route};

use super::list::{TokenView, list};
use crate::Error;
use crate::services::Services;
use crate::wire::{Done, Owner, Params};

pub(crate) fn routes() -> Vec<Route<Services>> {
    let known = Access::Authenticated;
    vec![
        Route::get("/v1/auth/tokens", known, "The account's tokens, newest first", show_all),
        Route::delete("/v1/auth/tokens/{id}", known, "Revokes a token and closes its sockets", remove),
    ]
}

#[derive(Serialize)]
struct TokenList {
    tokens: Vec<TokenView>,
}

async fn show_all(State(services): State<Services>, owner: Owner) -> Result<Json<TokenList>, Problem> {
    let tokens = services.relay.list(move |conn| list(conn, &owner.account, &owner.token)).await?;
    Ok(Json(TokenList { tokens }))
}

async fn remove(
    State(services): State<Services>,
    owner: Owner,
    Params([id]): Params<1>,
) -> Result<Json<Done>, Problem> {
    if !services.tokens.revoke(owner.account.clone(), id.clone()).await? {
        return Err(Error::NotFound("Token").into());
    }
    services.relay.close_sockets(&owner.account, &id);
    Ok(Json(Done::YES))
}
