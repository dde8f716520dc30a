//! A background job as the admin API and commands show it.

use jobs::{Job, LogLine};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::timestamp;

/// A background job.
#[derive(Serialize, ToSchema)]
#[schema(as = Job)]
pub struct JobView {
    /// Its name.
    pub id: String,
    /// What kind of work it is: the script with the trigger `job.run:TYPE` does it.
    pub job_type: String,
    /// `pending`, `running`, `pausing`, `paused`, `cancelling`, `cancelled`, `completed` or `failed`.
    pub status: String,
    /// What it works on.
    #[schema(value_type = Value)]
    pub input: Box<RawValue>,
    /// How far it says it is.
    #[schema(value_type = Value)]
    pub progress: Box<RawValue>,
    /// What its last run returned.
    #[schema(value_type = Value)]
    pub result: Box<RawValue>,
    /// Why its last run failed.
    #[schema(required)]
    pub error: Option<String>,
    /// In whose name it was made.
    pub created_by: String,
    /// Whether it acts with its creator's session.
    pub inherit_auth: bool,
    /// How many of its runs have failed since it was made or last told to begin again.
    pub attempts: u32,
    /// After how many failed runs it is given up.
    pub max_attempts: u32,
    /// When it may run.
    #[serde(serialize_with = "timestamp::serialize")]
    #[schema(value_type = String, format = DateTime)]
    pub run_at: i64,
    /// When its last run began.
    #[serde(serialize_with = "timestamp::serialize_opt")]
    #[schema(value_type = Option<String>, format = DateTime, required)]
    pub started_at: Option<i64>,
    /// When it ended.
    #[serde(serialize_with = "timestamp::serialize_opt")]
    #[schema(value_type = Option<String>, format = DateTime, required)]
    pub completed_at: Option<i64>,
    /// When it was made.
    #[serde(serialize_with = "timestamp::serialize")]
    #[schema(value_type = String, format = DateTime)]
    pub created_at: i64,
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
    pub line: i64,
    /// `info`, `warn` or `error`.
    pub level: String,
    /// What was written down.
    pub message: String,
    /// When.
    #[serde(serialize_with = "timestamp::serialize")]
    #[schema(value_type = String, format = DateTime)]
    pub created_at: i64,
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
