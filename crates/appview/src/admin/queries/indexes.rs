//! `GET /admin/indexes`.

use axum::extract::State;
use server::{Json, Problem};

use crate::admin::{Admin, problem::problem};
use crate::queries::IndexView;

/// Every index that a query asks for, or asked for and that has not gone yet.
pub(crate) async fn indexes(State(admin): State<Admin>) -> Result<Json<Vec<IndexView>>, Problem> {
    admin.insight.indexes().await.map(Json).map_err(problem)
}
