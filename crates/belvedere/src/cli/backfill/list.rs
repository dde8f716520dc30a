//! `belvedere backfill list`

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::opened::Opened;
use super::view::JobView;
use crate::output::{Answer, Output, Table, instant};

/// List all jobs, the newest first
#[derive(Args, Debug)]
pub(super) struct List {
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Listed(Vec<JobView>);

impl List {
    pub(super) async fn run(self, opened: &Opened<'_>) -> Result<()> {
        let jobs = opened.backfills.jobs().await?;
        Ok(self.output.print(&Listed(jobs.iter().map(JobView::new).collect()))?)
    }
}

impl Answer for Listed {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        if self.0.is_empty() {
            return writeln!(to, "no jobs; start one with `belvedere backfill start`");
        }
        let mut table = Table::new(["ID", "WHAT", "STATUS", "REPOS", "FAILED", "RECORDS", "CREATED"]);
        for view in &self.0 {
            let job = &view.job;
            table.row([
                job.id.clone(),
                view.what(),
                job.status.to_string(),
                format!("{}/{}", job.processed_repos, job.total_repos),
                job.failed_repos.to_string(),
                job.total_records.to_string(),
                instant(job.created_at),
            ]);
        }
        write!(to, "{table}")
    }
}
