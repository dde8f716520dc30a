//! `GET /admin/records/collections`.

use atproto::Nsid;
use axum::extract::State;
use serde::Serialize;
use server::Json;
use utoipa::ToSchema;

use crate::admin::Admin;

/// Collections by their NSIDs.
#[derive(Serialize, ToSchema)]
#[schema(as = Collections)]
pub(crate) struct Answer {
    #[schema(value_type = Vec<String>)]
    collections: Vec<Nsid>,
}

/// The collections that record lexicons ask for, whether they have records or not.
pub(crate) async fn collections(State(admin): State<Admin>) -> Json<Answer> {
    Json(Answer { collections: admin.catalogue.collections() })
}
