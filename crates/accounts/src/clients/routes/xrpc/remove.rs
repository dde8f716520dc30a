//! `dev.happyview.deleteApiClient`.

use axum::extract::{State, rejection::JsonRejection};
use serde::{Deserialize, Serialize};
use server::{Caller, Json, Problem};

use super::{manager, owned};
use crate::clients::{Clients, routes::through::body};

#[derive(Deserialize)]
pub(crate) struct Unwanted {
    id: String,
}

#[derive(Serialize)]
pub(crate) struct Removed {}

pub(crate) async fn remove(
    State(clients): State<Clients>,
    caller: Option<Caller>,
    unwanted: Result<axum::Json<Unwanted>, JsonRejection>,
) -> Result<Json<Removed>, Problem> {
    let through = manager(&clients, caller).await?;
    let client = owned(&clients, &through, &body(unwanted)?.id).await?;
    clients.remove_client(Some(&through.did), &client).await?;
    Ok(Json(Removed {}))
}
