//! `POST /admin/network-lexicons`.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use server::{Caller, Json, Problem};
use tracing::info;
use utoipa::ToSchema;

use super::nsid;
use crate::admin::{Admin, actor, problem::problem};

/// Which lexicon to follow.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewNetworkLexicon)]
pub(crate) struct Request {
    nsid: String,
    target_collection: Option<String>,
}

/// A lexicon that is followed from now on.
#[derive(Serialize, ToSchema)]
#[schema(as = StoredNetworkLexicon)]
pub(super) struct Answer<'a> {
    nsid: &'a str,
    authority_did: &'a str,
    revision: i64,
    /// The job that fetches the collection's records from before, if there is anything to fetch.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    backfill_job: Option<String>,
}

/// Fetches the lexicon from its publisher and follows it from now on.
pub(crate) async fn add(
    State(admin): State<Admin>,
    caller: Caller,
    Json(request): Json<Request>,
) -> Result<Response, Problem> {
    let nsid = nsid(&request.nsid)?;
    let published = admin.publishers.resolve(&nsid).await.map_err(|error| problem(error.into()))?;
    let authority = published.authority_did.clone();
    let collection = request.target_collection.as_deref();
    let put = admin.lexicons(&caller).put_network(published, collection).await.map_err(problem)?;
    admin.catalogue.refresh().await.map_err(problem)?;
    info!(%nsid, %authority, revision = put.revision, by = actor(&caller), "network lexicon stored");
    let answer = Answer {
        nsid: nsid.as_str(),
        authority_did: authority.as_str(),
        revision: put.revision,
        backfill_job: admin.fetch_history(&put, &caller).await?,
    };
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}
