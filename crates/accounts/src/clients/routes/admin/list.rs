//! `GET /admin/api-clients`.

use axum::extract::State;
use serde::Deserialize;
use server::{Json, Problem, Query};
use utoipa::IntoParams;

use super::view::View;
use crate::clients::Clients;

#[derive(Deserialize, IntoParams)]
pub(crate) struct Filter {
    /// Only clients that were made through this one, by its row id.
    parent_id: Option<String>,
}

pub(crate) async fn list(
    State(clients): State<Clients>,
    Query(filter): Query<Filter>,
) -> Result<Json<Vec<View>>, Problem> {
    let listed = clients.list(filter.parent_id.as_deref()).await?;
    Ok(Json(listed.into_iter().map(View::from).collect()))
}
