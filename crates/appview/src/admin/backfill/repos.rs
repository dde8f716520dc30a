//! `GET /admin/backfill/{id}/repos`.

use axum::extract::State;
use backfill::{Phase, RepoProgress};
use serde::{Deserialize, Serialize};
use server::{Json, Path, Problem, Query};
use utoipa::{IntoParams, ToSchema};

use super::page;
use super::problem::problem;
use crate::admin::Admin;
use crate::paging;

#[derive(Deserialize, IntoParams)]
pub(crate) struct Request {
    /// Those that came so far and no further: `discovered`, `resolved` or `fetched` (done, in whatever way). Default:
    /// `discovered`.
    phase: Option<String>,
    /// How many, from 1 to 100. Default: 50.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
    /// The DID that the previous page ended with.
    cursor: Option<String>,
}

/// A page of repositories, by DID.
#[derive(Serialize, ToSchema)]
#[schema(as = BackfillRepoPage)]
pub(super) struct Answer {
    repos: Vec<RepoView>,
    /// Where this page ends, if there may be more.
    #[schema(required)]
    cursor: Option<String>,
}

/// How far a repository is.
#[derive(Serialize, ToSchema)]
#[schema(as = BackfillRepo)]
struct RepoView {
    did: String,
    #[schema(required)]
    pds_endpoint: Option<String>,
    /// `pending`, `completed`, `gone` (its host does not serve it any more), `failed` or `quarantined`.
    status: &'static str,
    records_fetched: i64,
}

/// The repositories of a job.
pub(crate) async fn list(
    State(admin): State<Admin>,
    Path(id): Path<String>,
    Query(request): Query<Request>,
) -> Result<Json<Answer>, Problem> {
    let phase = request.phase.as_deref().map_or(Ok(Phase::Discovered), str::parse::<Phase>);
    let phase = phase.map_err(|_| Problem::bad_request("phase must be discovered, resolved or fetched"))?;
    let limit = paging::limit_or(request.limit.as_deref(), page::DEFAULT)?;
    let after = page::after(request.cursor.as_deref())?;
    let repos = admin.history.backfills.repos(&id, phase, after, limit).await.map_err(problem)?;
    let cursor = page::cursor(repos.iter().map(|repo| &repo.did), limit);
    Ok(Json(Answer { repos: repos.into_iter().map(RepoView::from).collect(), cursor }))
}

impl From<RepoProgress> for RepoView {
    fn from(repo: RepoProgress) -> Self {
        Self {
            did: repo.did.to_string(),
            pds_endpoint: repo.pds_endpoint,
            status: word(repo.status),
            records_fetched: repo.records_fetched,
        }
    }
}

/// The contract knows what is still to be done and what is done (spec/appview.md §3.13); the other words are ours.
fn word(status: &'static str) -> &'static str {
    match status {
        "discovered" | "resolved" => "pending",
        "fetched" => "completed",
        other => other,
    }
}
