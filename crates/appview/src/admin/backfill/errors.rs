//! `GET /admin/backfill/{id}/errors`.

use axum::extract::State;
use backfill::FailedRepo;
use serde::{Deserialize, Serialize};
use server::{Json, Path, Problem, Query};
use utoipa::{IntoParams, ToSchema};

use super::page;
use super::problem::problem;
use crate::admin::Admin;
use crate::paging;

#[derive(Deserialize, IntoParams)]
pub(crate) struct Request {
    /// How many, from 1 to 100. Default: 50.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
    /// The DID that the previous page ended with.
    cursor: Option<String>,
}

/// A page of repositories that could not be fetched, by DID.
#[derive(Serialize, ToSchema)]
#[schema(as = BackfillErrorPage)]
pub(super) struct Answer {
    errors: Vec<ErrorView>,
    /// Where this page ends, if there may be more.
    #[schema(required)]
    cursor: Option<String>,
}

/// A repository that could not be fetched.
#[derive(Serialize, ToSchema)]
#[schema(as = BackfillError)]
struct ErrorView {
    did: String,
    #[schema(required)]
    pds_endpoint: Option<String>,
    /// Whether what its host said cannot be true.
    quarantined: bool,
    /// Why.
    reason: String,
    /// Records that were fetched before that.
    records_fetched: i64,
}

/// What the job could not fetch.
pub(crate) async fn list(
    State(admin): State<Admin>,
    Path(id): Path<String>,
    Query(request): Query<Request>,
) -> Result<Json<Answer>, Problem> {
    let limit = paging::limit_or(request.limit.as_deref(), page::DEFAULT)?;
    let after = page::after(request.cursor.as_deref())?;
    let failed = admin.history.backfills.errors(&id, after, limit).await.map_err(problem)?;
    let cursor = page::cursor(failed.iter().map(|repo| &repo.did), limit);
    Ok(Json(Answer { errors: failed.into_iter().map(ErrorView::from).collect(), cursor }))
}

impl From<FailedRepo> for ErrorView {
    fn from(repo: FailedRepo) -> Self {
        Self {
            did: repo.did.to_string(),
            pds_endpoint: repo.pds_endpoint,
            quarantined: repo.quarantined,
            reason: repo.reason,
            records_fetched: repo.records_fetched,
        }
    }
}
