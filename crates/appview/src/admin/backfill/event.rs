//! An event of a job as a stream of server-sent events carries it (spec/appview.md §6.6).

use backfill::JobEvent;
use serde::Serialize;

use super::view::JobView;

/// `data:` of one event; beside it, each has the job's id.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum EventView {
    JobSnapshot {
        job_id: String,
        job: Box<JobView>,
    },
    RepoDiscovered {
        job_id: String,
        did: String,
    },
    RepoResolved {
        job_id: String,
        did: String,
        pds_endpoint: String,
    },
    RepoFetched {
        job_id: String,
        did: String,
        pds_endpoint: String,
        records_fetched: i64,
    },
    JobCounters {
        job_id: String,
        total_repos: i64,
        resolved_repos: i64,
        processed_repos: i64,
        total_records: i64,
    },
    JobStageChanged {
        job_id: String,
        stage: String,
    },
    JobCompleted {
        job_id: String,
        status: String,
        error: Option<String>,
    },
}

impl EventView {
    pub(super) fn new(id: &str, event: JobEvent) -> Self {
        let job_id = id.to_owned();
        match event {
            JobEvent::Snapshot(job) => Self::JobSnapshot { job_id, job: Box::new(JobView::new(&job)) },
            JobEvent::RepoDiscovered { did } => Self::RepoDiscovered { job_id, did: did.to_string() },
            JobEvent::RepoResolved { did, pds_endpoint } => {
                Self::RepoResolved { job_id, did: did.to_string(), pds_endpoint }
            }
            JobEvent::RepoFetched { did, pds_endpoint, records_fetched } => {
                Self::RepoFetched { job_id, did: did.to_string(), pds_endpoint, records_fetched }
            }
            JobEvent::Counters { total_repos, resolved_repos, processed_repos, total_records } => {
                Self::JobCounters { job_id, total_repos, resolved_repos, processed_repos, total_records }
            }
            JobEvent::StageChanged(stage) => Self::JobStageChanged { job_id, stage: stage.to_string() },
            JobEvent::Stopped { status, error } => {
                Self::JobCompleted { job_id, status: status.to_string(), error }
            }
        }
    }

    pub(super) fn is_last(&self) -> bool {
        matches!(self, Self::JobCompleted { .. })
    }
}
