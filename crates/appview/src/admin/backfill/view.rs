//! A job as the admin API shows it.

use backfill::{Job, Scope};
use serde::Serialize;
use utoipa::ToSchema;

use crate::timestamp;

/// A job that fetches history.
#[derive(Serialize, ToSchema)]
#[schema(as = Backfill)]
pub struct JobView {
    id: String,
    /// The one collection; null if there are several or it is all of them.
    #[schema(required)]
    collection: Option<String>,
    /// The collections; none: all that are indexed.
    collections: Vec<String>,
    /// The one repository; null if there are several or it is the whole network.
    #[schema(required)]
    did: Option<String>,
    /// `network` or `dids`.
    scope: &'static str,
    /// `pending`, `running`, `pausing`, `paused`, `cancelling`, `cancelled`, `completed` or `failed`.
    status: String,
    /// `pending`, `discovering_repos`, `resolving_and_fetching`, `completed`, `cancelled` or `failed`.
    stage: String,
    /// `auto`, `pages`, `export` or `blocks`.
    mode: String,
    /// Whether only what its author's signature covers is taken in.
    verified: bool,
    /// Why there is the job: `manual`, `lexicon`, `gap` or `rebuild`.
    cause: String,
    total_repos: i64,
    resolved_repos: i64,
    processed_repos: i64,
    total_records: i64,
    /// Repositories that could not be fetched.
    failed_repos: i64,
    #[schema(required)]
    error: Option<String>,
    /// Who started it.
    #[schema(required)]
    created_by: Option<String>,
    #[serde(serialize_with = "timestamp::serialize_opt")]
    #[schema(value_type = Option<String>, format = DateTime, required)]
    started_at: Option<i64>,
    #[serde(serialize_with = "timestamp::serialize_opt")]
    #[schema(value_type = Option<String>, format = DateTime, required)]
    completed_at: Option<i64>,
    #[serde(serialize_with = "timestamp::serialize")]
    #[schema(value_type = String, format = DateTime)]
    created_at: i64,
}

/// What has become of a job by a request.
#[derive(Serialize, ToSchema)]
#[schema(as = BackfillStatus)]
pub(super) struct StatusView {
    id: String,
    status: String,
}

impl JobView {
    /// What there is to show of the job.
    #[must_use]
    pub fn new(job: &Job) -> Self {
        let (did, scope) = match &job.scope {
            Scope::Network => (None, "network"),
            Scope::Repos(dids) if dids.len() == 1 => (dids.first().map(ToString::to_string), "dids"),
            Scope::Repos(_) => (None, "dids"),
        };
        let collections: Vec<String> = job.collections.iter().map(ToString::to_string).collect();
        Self {
            id: job.id.clone(),
            collection: if let [one] = &collections[..] { Some(one.clone()) } else { None },
            collections,
            did,
            scope,
            status: job.status.to_string(),
            stage: job.stage.to_string(),
            mode: job.mode.to_string(),
            verified: job.verified,
            cause: job.cause.to_string(),
            total_repos: job.total_repos,
            resolved_repos: job.resolved_repos,
            processed_repos: job.processed_repos,
            total_records: job.total_records,
            failed_repos: job.failed_repos,
            error: job.error.clone(),
            created_by: job.by.clone(),
            started_at: job.started_at,
            completed_at: job.completed_at,
            created_at: job.created_at,
        }
    }
}

impl StatusView {
    pub(super) fn of(job: &Job) -> Self {
        Self { id: job.id.clone(), status: job.status.to_string() }
    }

    /// Of a job that was told to begin or to go on: as good as running, though a server has yet to take it up.
    pub(super) fn running(job: &Job) -> Self {
        Self { id: job.id.clone(), status: "running".to_owned() }
    }
}
