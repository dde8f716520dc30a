//! `GET /admin/stats`.

use axum::extract::State;
use http::StatusCode;
use serde::Serialize;
use server::{Json, Problem, Route};
use utoipa::ToSchema;

use super::Admin;
use accounts::permissions::STATS_READ;

/// How many records there are.
#[derive(Serialize, ToSchema)]
#[schema(as = Stats)]
pub(crate) struct Answer {
    total_records: i64,
    collections: Vec<Collection>,
}

/// How many records a collection has.
#[derive(Serialize, ToSchema)]
#[schema(as = CollectionCount)]
struct Collection {
    collection: String,
    count: i64,
}

pub(super) fn route() -> Route<Admin> {
    Route::get("/admin/stats", STATS_READ, "Count records by collection", stats)
        .operation_id("getStats")
        .gives::<Answer>(StatusCode::OK)
}

/// How many records there are, by collection.
async fn stats(State(admin): State<Admin>) -> Result<Json<Answer>, Problem> {
    let counts = admin.records.counts().await.map_err(Problem::internal)?;
    let total_records = counts.iter().map(|count| count.records).sum();
    let collections = counts
        .into_iter()
        .map(|count| Collection { collection: count.collection, count: count.records })
        .collect();
    Ok(Json(Answer { total_records, collections }))
}
