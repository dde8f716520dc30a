//! `GET /admin/records/record?uri=`.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use server::{Json, Problem, Query};

use super::OneOf;
use super::list::views;
use crate::admin::Admin;
use crate::subject;

/// One record as the index has it.
pub(crate) async fn show(
    State(admin): State<Admin>,
    Query(OneOf { uri }): Query<OneOf>,
) -> Result<Response, Problem> {
    let (did, collection, rkey) = subject::named(&admin.resolver, &uri).await?;
    let record = admin.records.get(&did, &collection, &rkey).await.map_err(Problem::internal)?;
    let records: Vec<_> = record.into_iter().collect();
    let view = views(&admin, &collection, &records).await?.into_iter().next();
    Ok(Json(view.ok_or_else(|| Problem::not_found("record not found"))?).into_response())
}
