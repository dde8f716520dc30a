//! `DELETE /admin/records/collection?collection=`.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use server::{Caller, Json, Problem, Query};
use tracing::info;
use utoipa::{IntoParams, ToSchema};

use super::collection;
use crate::admin::{Admin, actor};

#[derive(Deserialize, IntoParams)]
pub(crate) struct Request {
    /// The collection's NSID.
    collection: String,
}

/// How many records there were.
#[derive(Serialize, ToSchema)]
#[schema(as = PurgedCollection)]
pub(crate) struct Answer {
    deleted: u64,
}

/// Drops a collection's records from the index. While a lexicon asks for the collection, new ones come in.
pub(crate) async fn purge(
    State(admin): State<Admin>,
    caller: Caller,
    Query(request): Query<Request>,
) -> Result<Json<Answer>, Problem> {
    let collection = collection(&request.collection)?;
    // What has begun is done to its end, whether or not somebody still waits for the answer.
    let work = tokio::spawn(async move {
        let deleted = admin.records.purge(&collection).await.map_err(Problem::internal)?;
        admin.checks.forget(&collection).await.map_err(Problem::internal)?;
        info!(%collection, deleted, by = actor(&caller), "collection removed from the index");
        Ok::<_, Problem>(deleted)
    });
    let deleted = work.await.map_err(Problem::internal)??;
    Ok(Json(Answer { deleted }))
}
