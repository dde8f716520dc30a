//! `dev.happyview.getApiClient`.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use server::{Caller, Json, Problem, Query};

use super::{manager, owned, view::View};
use crate::clients::Clients;

#[derive(Deserialize)]
pub(crate) struct Wanted {
    id: String,
}

#[derive(Serialize)]
pub(crate) struct Shown {
    client: View,
}

pub(crate) async fn show(
    State(clients): State<Clients>,
    caller: Option<Caller>,
    wanted: Result<Query<Wanted>, Problem>,
) -> Result<Json<Shown>, Problem> {
    let through = manager(&clients, caller).await?;
    let client = owned(&clients, &through, &wanted?.0.id).await?;
    Ok(Json(Shown { client: client.into() }))
}
