//! `DELETE /admin/records?uri=`.

use axum::extract::State;
use http::StatusCode;
use server::{Caller, Problem, Query};
use tracing::info;

use super::OneOf;
use crate::admin::{Admin, actor};
use crate::subject;

/// Removes a record here and remembers that; its author's repository is not touched.
pub(crate) async fn delete(
    State(admin): State<Admin>,
    caller: Caller,
    Query(OneOf { uri }): Query<OneOf>,
) -> Result<StatusCode, Problem> {
    let (did, collection, rkey) = subject::named(&admin.resolver, &uri).await?;
    let by = actor(&caller);
    if !admin.records.delete(&did, &collection, &rkey, by).await.map_err(Problem::internal)? {
        return Err(Problem::not_found("record not found"));
    }
    info!(%did, %collection, %rkey, by, "record removed from the index");
    Ok(StatusCode::NO_CONTENT)
}
