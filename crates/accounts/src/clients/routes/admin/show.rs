//! `GET /admin/api-clients/{id}`.

use axum::extract::State;
use server::{Json, Path, Problem};

use super::view::View;
use crate::clients::Clients;

pub(crate) async fn show(
    State(clients): State<Clients>,
    Path(id): Path<String>,
) -> Result<Json<View>, Problem> {
    Ok(Json(clients.get(&id).await?.into()))
}
