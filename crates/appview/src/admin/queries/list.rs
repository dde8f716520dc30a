//! `GET /admin/queries`.

use axum::extract::State;
use server::{Json, Problem};

use crate::admin::{Admin, problem::problem};
use crate::queries::QueryView;

/// Every query lexicon with a target collection, by NSID.
pub(crate) async fn list(State(admin): State<Admin>) -> Result<Json<Vec<QueryView>>, Problem> {
    admin.insight.queries().await.map(Json).map_err(problem)
}
