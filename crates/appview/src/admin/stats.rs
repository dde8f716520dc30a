//! `GET /admin/stats`.

use axum::extract::State;
use serde::Serialize;
use server::{Json, Problem};

use super::Admin;

#[derive(Serialize)]
pub(crate) struct Answer {
    total_records: i64,
    collections: Vec<Collection>,
}

#[derive(Serialize)]
struct Collection {
    collection: String,
    count: i64,
}

/// How many records there are, by collection.
pub(crate) async fn stats(State(admin): State<Admin>) -> Result<Json<Answer>, Problem> {
    let counts = admin.records.counts().await.map_err(Problem::internal)?;
    let total_records = counts.iter().map(|count| count.records).sum();
    let collections = counts
        .into_iter()
        .map(|count| Collection { collection: count.collection, count: count.records })
        .collect();
    Ok(Json(Answer { total_records, collections }))
}
