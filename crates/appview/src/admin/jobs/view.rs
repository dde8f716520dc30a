//! A background job as the admin API shows it.

use jobs::{Job, LogLine};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::timestamp;

/// A background job.
#[derive(Serialize, ToSchema)]
#[schema(as = Job)]
pub struct JobView {
    id: String,
    job_type: String,
    /// `pending`, `running`, `pausing`, `paused`, `cancelling`, `cancelled`, `completed` or `failed`.
    status: String,
    /// What it works on.
    #[schema(value_type = Value)]
    input: Box<RawValue>,
    /// How far it says it is.
    #[schema(value_type = Value)]
    progress: Box<RawValue>,
    /// What its last run returned.
    #[schema(value_type = Value)]
    result: Box<RawValue>,
    /// Why its last run failed.
    #[schema(required)]
    error: Option<String>,
    /// In whose name it was made.
    created_by: String,
    /// Whether it acts with its creator's session.
    inherit_auth: bool,
    /// How many of its runs have failed since it was made or last told to begin again.
    attempts: u32,
    /// After how many failed runs it is given up.
    max_attempts: u32,
    /// When it may run.
    #[serde(serialize_with = "timestamp::serialize")]
    #[schema(value_type = String, format = DateTime)]
    run_at: i64,
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
#[schema(as = JobStatus)]
pub(super) struct StatusView {
    id: String,
    status: String,
}

/// A line of a job's log.
#[derive(Serialize, ToSchema)]
#[schema(as = JobLogLine)]
pub struct LogLineView {
    /// Counted from 1 within the job.
    line: i64,
    /// `info`, `warn` or `error`.
    level: String,
    message: String,
    #[serde(serialize_with = "timestamp::serialize")]
    #[schema(value_type = String, format = DateTime)]
    created_at: i64,
}

impl JobView {
    /// What there is to show of the job.
    #[must_use]
    pub fn new(job: Job) -> Self {
        Self {
            id: job.id,
            job_type: job.job_type.to_string(),
            status: job.status.to_string(),
            input: json(job.input),
            progress: json(job.progress),
            result: job.result.map_or_else(|| RawValue::NULL.to_owned(), json),
            error: job.error,
            created_by: job.created_by.to_string(),
            inherit_auth: job.inherit_auth,
            attempts: job.attempts,
            max_attempts: job.max_attempts,
            run_at: job.run_at,
            started_at: job.started_at,
            completed_at: job.completed_at,
            created_at: job.created_at,
        }
    }
}

impl LogLineView {
    /// What there is to show of the line.
    #[must_use]
    pub fn new(line: LogLine) -> Self {
        let LogLine { line, level, message, created_at } = line;
        Self { line, level: level.name().to_owned(), message, created_at }
    }
}

impl StatusView {
    pub(super) fn of(job: &Job) -> Self {
        Self { id: job.id.clone(), status: job.status.to_string() }
    }
}

/// Nothing but JSON is stored.
fn json(text: String) -> Box<RawValue> {
    RawValue::from_string(text).unwrap_or_else(|_| RawValue::NULL.to_owned())
}
