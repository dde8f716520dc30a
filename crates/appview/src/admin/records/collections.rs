//! `GET /admin/records/collections`.

use atproto::Nsid;
use axum::extract::State;
use serde::Serialize;
use server::Json;

use crate::admin::Admin;

#[derive(Serialize)]
pub(crate) struct Answer {
    collections: Vec<Nsid>,
}

/// The collections that record lexicons ask for, whether they have records or not.
pub(crate) async fn collections(State(admin): State<Admin>) -> Json<Answer> {
    Json(Answer { collections: admin.catalogue.collections() })
}
