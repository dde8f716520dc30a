//! A background job as commands show it.

use std::io::{self, Write};

use jobs::Job;
use serde::Serialize;

use crate::output::{Answer, Facts, instant};

/// As JSON what the admin API shows of it.
#[derive(Serialize)]
#[serde(transparent)]
pub(super) struct JobView {
    fields: appview::JobView,
    #[serde(skip)]
    pub(super) job: Job,
}

impl JobView {
    pub(super) fn new(job: Job) -> Self {
        Self { fields: appview::JobView::new(job.clone()), job }
    }
}

impl Answer for JobView {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let job = &self.job;
        let or_never = |time: Option<i64>| time.map_or_else(|| "not yet".to_owned(), instant);
        let mut facts = Facts::default()
            .fact("id", &job.id)
            .fact("type", &job.job_type)
            .fact("status", job.status)
            .fact("input", &job.input)
            .fact("progress", &job.progress)
            .fact("created by", &job.created_by)
            .fact("acts for them", if job.inherit_auth { "yes" } else { "no" })
            .fact("failed runs", format!("{} of {}", job.attempts, job.max_attempts))
            .fact("runs from", instant(job.run_at))
            .fact("created", instant(job.created_at))
            .fact("started", or_never(job.started_at))
            .fact("completed", or_never(job.completed_at));
        if let Some(result) = &job.result {
            facts = facts.fact("result", result);
        }
        if let Some(error) = &job.error {
            facts = facts.fact("error", error);
        }
        write!(to, "{facts}")
    }
}
