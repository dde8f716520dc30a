//! `POST /admin/backfill`.

use atproto::{Did, Nsid};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use backfill::{Cause, NewJob, Scope};
use http::StatusCode;
use remote::Mode;
use serde::Deserialize;
use server::{Caller, Json, Problem};
use tracing::info;
use utoipa::ToSchema;

use super::problem::problem;
use super::targets;
use super::view::StatusView;
use crate::admin::{Admin, actor};

/// What to fetch. Without any field: every collection, from the whole network.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewBackfill)]
pub(crate) struct Request {
    /// The collection of a record lexicon. Default: all of them.
    collection: Option<String>,
    /// One repository only: its DID.
    did: Option<String>,
    /// `network` or `dids`. Default: `dids` if some are given.
    scope: Option<String>,
    /// Some repositories only: 1 to 500 DIDs or handles.
    dids: Option<Vec<String>>,
    /// How repositories are read: `auto`, `pages`, `export` or `blocks`. Default: the setting `backfill_mode`.
    mode: Option<String>,
    /// Whether only what its author's signature covers is taken in. Default: the setting `backfill_verified`.
    verified: Option<bool>,
}

/// Writes a job down; a task of this server or of another takes it up.
pub(crate) async fn start(
    State(admin): State<Admin>,
    caller: Caller,
    Json(request): Json<Request>,
) -> Result<Response, Problem> {
    let mode = request.mode.as_deref().map(str::parse::<Mode>).transpose();
    let job = NewJob {
        collections: collection(&admin, request.collection.as_deref()).await?.into_iter().collect(),
        mode: mode.map_err(|error| Problem::bad_request(error.to_string()))?.unwrap_or(admin.history.mode),
        verified: request.verified.unwrap_or(admin.history.verified),
        scope: scope(&admin, request).await?,
        cause: Cause::Manual,
        by: caller.principal.did().map(str::to_owned),
    };
    let job = admin.history.backfills.start(job).await.map_err(problem)?;
    info!(id = %job.id, by = actor(&caller), "backfill asked for");
    Ok((StatusCode::CREATED, Json(StatusView::running(&job))).into_response())
}

/// The collection with this name. What no lexicon asks for is not indexed, so there is no history to fetch.
async fn collection(admin: &Admin, text: Option<&str>) -> Result<Option<Nsid>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let nsid = Nsid::parse(text).map_err(|error| Problem::bad_request(format!("collection: {error}")))?;
    // Another process may just have added it.
    admin.catalogue.refresh().await.map_err(crate::admin::problem::problem)?;
    if admin.catalogue.is_collection(nsid.as_str()) {
        return Ok(Some(nsid));
    }
    Err(Problem::bad_request(format!("there is no record lexicon {nsid}; add it first")))
}

/// Whose repositories are meant; the fields must not contradict each other.
async fn scope(admin: &Admin, request: Request) -> Result<Scope, Problem> {
    let contradiction = |message| Err(Problem::bad_request(message));
    match (request.scope.as_deref(), request.did, request.dids) {
        (None | Some("network"), None, None) => Ok(Scope::Network),
        (None | Some("dids"), Some(did), None) => Ok(Scope::Repos(vec![one(&did)?])),
        (None | Some("dids"), None, Some(names)) => {
            Ok(Scope::Repos(targets::resolve(&names, &admin.resolver).await?))
        }
        (_, Some(_), Some(_)) => contradiction("give did or dids, not both"),
        (Some("network"), ..) => contradiction("the scope network has no did and no dids"),
        (Some("dids"), None, None) => contradiction("the scope dids needs dids"),
        (Some(_), ..) => contradiction("scope must be network or dids"),
    }
}

fn one(text: &str) -> Result<Did, Problem> {
    Did::parse(text).map_err(|error| Problem::bad_request(format!("did: {error}")))
}
