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
use crate::{Lexicons, Published};

/// Which lexicon to follow.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewNetworkLexicon)]
pub(crate) struct Request {
    nsid: String,
    target_collection: Option<String>,
    /// `off`, `flag` or `reject`, as for lexicons that are added by hand. Default: as it was, and `off` for a new one.
    validation: Option<String>,
    /// Whether the definitions that it refers to are fetched and followed, too. Default: false.
    with_references: Option<bool>,
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
    /// With `with_references`: the lexicons that were added besides.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    references: Option<Vec<String>>,
    /// With `with_references`: those that were not, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    skipped: Vec<Skipped>,
}

/// A lexicon that another refers to, and that was not added.
#[derive(Serialize, ToSchema)]
#[schema(as = SkippedReference)]
struct Skipped {
    nsid: String,
    reason: String,
}

/// Fetches the lexicon from its publisher and follows it from now on.
pub(crate) async fn add(
    State(admin): State<Admin>,
    caller: Caller,
    Json(request): Json<Request>,
) -> Result<Response, Problem> {
    let nsid = nsid(&request.nsid)?;
    let validation = request.validation.as_deref().map(str::parse).transpose().map_err(problem)?;
    let published = admin.publishers.resolve(&nsid).await.map_err(problem)?;
    let authority = published.authority_did.clone();
    let collection = request.target_collection.as_deref();
    let lexicons = admin.lexicons(&caller);
    // What it refers to comes first: there is no moment in which records are compared without it.
    let (references, skipped) = match request.with_references {
        Some(true) => {
            let is_here = |nsid: &str| admin.catalogue.get(nsid).is_some();
            let found = admin.publishers.references(&published, is_here).await.map_err(problem)?;
            (Some(put_all(&lexicons, found.found).await?), found.skipped)
        }
        _ => (None, Vec::new()),
    };
    let put = lexicons.put_network(published, collection, validation).await.map_err(problem)?;
    admin.catalogue.refresh().await.map_err(problem)?;
    info!(%nsid, %authority, revision = put.revision, by = actor(&caller), "network lexicon stored");
    let answer = Answer {
        nsid: nsid.as_str(),
        authority_did: authority.as_str(),
        revision: put.revision,
        backfill_job: admin.fetch_history(&put, &caller).await?,
        references,
        skipped: skipped.into_iter().map(|(nsid, reason)| Skipped { nsid, reason }).collect(),
    };
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

/// Follows these, too; their NSIDs.
async fn put_all(lexicons: &Lexicons, found: Vec<Published>) -> Result<Vec<String>, Problem> {
    let mut added = Vec::with_capacity(found.len());
    for published in found {
        let put = lexicons.put_network(published, None, None).await.map_err(problem)?;
        added.push(put.id.to_string());
    }
    Ok(added)
}
