//! A job as commands show it.

use std::io::{self, Write};

use backfill::{Job, Scope};
use serde::Serialize;

use crate::output::{Answer, Facts, instant};

/// The fields of the admin API.
#[derive(Serialize)]
pub(in crate::cli) struct JobView {
    pub(super) id: String,
    pub(super) collection: Option<String>,
    collections: Vec<String>,
    did: Option<String>,
    scope: &'static str,
    pub(super) status: String,
    pub(super) stage: String,
    mode: String,
    verified: bool,
    cause: String,
    pub(super) total_repos: i64,
    resolved_repos: i64,
    pub(super) processed_repos: i64,
    pub(super) total_records: i64,
    pub(super) failed_repos: i64,
    error: Option<String>,
    created_by: Option<String>,
    started_at: Option<String>,
    completed_at: Option<String>,
    pub(super) created_at: String,
}

impl JobView {
    pub(in crate::cli) fn new(job: &Job) -> Self {
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
            started_at: job.started_at.map(instant),
            completed_at: job.completed_at.map(instant),
            created_at: instant(job.created_at),
        }
    }

    /// Whose history of what, in a few words.
    pub(super) fn what(&self) -> String {
        let collections = match &self.collections[..] {
            [] => "everything".to_owned(),
            [one] => one.clone(),
            [first, rest @ ..] => format!("{first} and {} more", rest.len()),
        };
        match (&self.did, self.scope) {
            (Some(did), _) => format!("{collections} of {did}"),
            (None, "network") => collections,
            (None, _) => format!("{collections} of some accounts"),
        }
    }
}

impl Answer for JobView {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let or_never = |time: &Option<String>| time.clone().unwrap_or_else(|| "not yet".to_owned());
        let mut facts = Facts::default()
            .fact("id", &self.id)
            .fact("what", self.what())
            .fact("status", &self.status)
            .fact("stage", &self.stage)
            .fact("repos", format!("{} of {} done", self.processed_repos, self.total_repos))
            .fact("failed", self.failed_repos)
            .fact("records", self.total_records)
            .fact("created", &self.created_at)
            .fact("started", or_never(&self.started_at))
            .fact("completed", or_never(&self.completed_at));
        if let Some(error) = &self.error {
            facts = facts.fact("error", error);
        }
        write!(to, "{facts}")
    }
}
