//! `GET /admin/labelers`.

use axum::extract::State;
use server::{Json, Problem};

use super::LabelerView;
use crate::admin::Admin;

/// All labelers, by DID.
pub(crate) async fn list(State(admin): State<Admin>) -> Result<Json<Vec<LabelerView>>, Problem> {
    let labelers = admin.labelling.labelers.list().await.map_err(Problem::internal)?;
    Ok(Json(labelers.into_iter().map(LabelerView::from).collect()))
}
