//! `linkAccount` and `unlinkAccount`.

use atproto::Did;
use axum::extract::{State, rejection::JsonRejection};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use server::{Caller, Json, Problem};

use super::Done;
use crate::clients::{
    Clients,
    routes::through::{Through, body},
};

#[derive(Deserialize)]
pub(crate) struct Account {
    did: Did,
}

#[derive(Serialize)]
pub(crate) struct Linked {
    did: Did,
}

pub(crate) async fn link(
    State(clients): State<Clients>,
    caller: Option<Caller>,
    account: Result<axum::Json<Account>, JsonRejection>,
) -> Result<(StatusCode, Json<Linked>), Problem> {
    let through = Through::of(&clients, caller).await?;
    let Account { did } = body(account)?;
    clients.link_account(&through.client.id, &through.did, &did).await?;
    Ok((StatusCode::CREATED, Json(Linked { did })))
}

pub(crate) async fn unlink(
    State(clients): State<Clients>,
    caller: Option<Caller>,
    account: Result<axum::Json<Account>, JsonRejection>,
) -> Result<Json<Done>, Problem> {
    let through = Through::of(&clients, caller).await?;
    clients.unlink_account(&through.client.id, &through.did, &body(account)?.did).await?;
    Ok(Json(Done {}))
}
