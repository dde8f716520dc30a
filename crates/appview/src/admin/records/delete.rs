//! `DELETE /admin/records?uri=`.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use server::{Caller, Problem, Query};
use tracing::info;
use utoipa::IntoParams;

use crate::admin::{Admin, actor};
use crate::subject;

#[derive(Deserialize, IntoParams)]
pub(crate) struct Request {
    /// The record's AT URI.
    uri: String,
}

/// Removes a record here and remembers that; its author's repository is not touched.
pub(crate) async fn delete(
    State(admin): State<Admin>,
    caller: Caller,
    Query(Request { uri }): Query<Request>,
) -> Result<StatusCode, Problem> {
    let (did, collection, rkey) = subject::named(&admin.resolver, &uri).await?;
    let by = actor(&caller);
    if !admin.records.delete(&did, &collection, &rkey, by).await.map_err(Problem::internal)? {
        return Err(Problem::not_found("record not found"));
    }
    info!(%did, %collection, %rkey, by, "record removed from the index");
    Ok(StatusCode::NO_CONTENT)
}
