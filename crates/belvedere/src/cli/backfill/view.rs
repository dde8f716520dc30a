//! A job as commands show it.

use std::io::{self, Write};

use appview::BackfillView;
use backfill::{Job, Scope};
use serde::Serialize;

use crate::output::{Answer, Facts, instant};

/// As JSON what the admin API shows of it.
#[derive(Serialize)]
#[serde(transparent)]
pub(in crate::cli) struct JobView {
    fields: BackfillView,
    #[serde(skip)]
    pub(super) job: Job,
}

impl JobView {
    pub(in crate::cli) fn new(job: &Job) -> Self {
        Self { fields: BackfillView::new(job), job: job.clone() }
    }

    /// Whose history of what, in a few words.
    pub(super) fn what(&self) -> String {
        let collections = match &self.job.collections[..] {
            [] => "everything".to_owned(),
            [one] => one.to_string(),
            [first, rest @ ..] => format!("{first} and {} more", rest.len()),
        };
        match &self.job.scope {
            Scope::Network => collections,
            Scope::Repos(dids) => match &dids[..] {
                [did] => format!("{collections} of {did}"),
                _ => format!("{collections} of some accounts"),
            },
        }
    }
}

impl Answer for JobView {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let job = &self.job;
        let or_never = |time: Option<i64>| time.map_or_else(|| "not yet".to_owned(), instant);
        let mut facts = Facts::default()
            .fact("id", &job.id)
            .fact("what", self.what())
            .fact("status", job.status)
            .fact("stage", job.stage)
            .fact("repos", format!("{} of {} done", job.processed_repos, job.total_repos))
            .fact("failed", job.failed_repos)
            .fact("records", job.total_records)
            .fact("created", instant(job.created_at))
            .fact("started", or_never(job.started_at))
            .fact("completed", or_never(job.completed_at));
        if let Some(error) = &job.error {
            facts = facts.fact("error", error);
        }
        write!(to, "{facts}")
    }
}
