//! A background job as people read it; as JSON it is what the admin API shows.

use std::io::{self, Write};

use appview::JobView;

use crate::output::{Answer, Facts, instant};

impl Answer for JobView {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let or_never = |time: Option<i64>| time.map_or_else(|| "not yet".to_owned(), instant);
        let mut facts = Facts::default()
            .fact("id", &self.id)
            .fact("type", &self.job_type)
            .fact("status", &self.status)
            .fact("input", &self.input)
            .fact("progress", &self.progress)
            .fact("created by", &self.created_by)
            .fact("acts for them", if self.inherit_auth { "yes" } else { "no" })
            .fact("failed runs", format!("{} of {}", self.attempts, self.max_attempts))
            .fact("runs from", instant(self.run_at))
            .fact("created", instant(self.created_at))
            .fact("started", or_never(self.started_at))
            .fact("completed", or_never(self.completed_at));
        if self.result.get() != "null" {
            facts = facts.fact("result", &self.result);
        }
        if let Some(error) = &self.error {
            facts = facts.fact("error", error);
        }
        write!(to, "{facts}")
    }
}
