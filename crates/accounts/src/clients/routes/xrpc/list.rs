//! `dev.happyview.listApiClients`.

use axum::extract::State;
use serde::Serialize;
use server::{Caller, Json, Problem};

use super::{manager, view::View};
use crate::clients::Clients;

#[derive(Serialize)]
pub(crate) struct Listed {
    clients: Vec<View>,
}

pub(crate) async fn list(
    State(clients): State<Clients>,
    caller: Option<Caller>,
) -> Result<Json<Listed>, Problem> {
    let through = manager(&clients, caller).await?;
    let owned = clients.list_owned(&through.client.id, &through.did).await?;
    Ok(Json(Listed { clients: owned.into_iter().map(View::from).collect() }))
}
