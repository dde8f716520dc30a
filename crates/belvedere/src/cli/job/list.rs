//! `belvedere job list`

use std::io::{self, Write};

use anyhow::Result;
use appview::JobView;
use clap::Args;
use jobs::Query;
use serde::Serialize;

use super::opened::Opened;
use crate::output::{Answer, Output, Table, excerpt, instant};

/// List background jobs, the newest first
#[derive(Args, Debug)]
pub(super) struct List {
    /// Only with this status: pending, running, pausing, paused, cancelling, cancelled, completed or failed
    #[arg(long)]
    status: Option<String>,
    /// Only of this type
    #[arg(long = "type", value_name = "TYPE")]
    job_type: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=100))]
    limit: u32,
    /// Only older ones than the job with this id
    #[arg(long, value_name = "ID")]
    after: Option<String>,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Listed(Vec<JobView>);

impl List {
    pub(super) async fn run(self, opened: &Opened<'_>) -> Result<()> {
        let query = Query {
            status: self.status.as_deref().map(str::parse).transpose()?,
            job_type: self.job_type.as_deref().map(str::parse).transpose()?,
            limit: self.limit,
            after: self.after,
        };
        let page = opened.jobs.list(query).await?;
        Ok(self.output.print(&Listed(page.jobs.into_iter().map(JobView::new).collect()))?)
    }
}

impl Answer for Listed {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        if self.0.is_empty() {
            return writeln!(to, "no jobs; scripts make them with jobs.create");
        }
        let mut table = Table::new(["ID", "TYPE", "STATUS", "CREATED BY", "CREATED", "ERROR"]);
        for job in &self.0 {
            table.row([
                job.id.clone(),
                job.job_type.clone(),
                job.status.clone(),
                job.created_by.clone(),
                instant(job.created_at),
                excerpt(job.error.as_deref().unwrap_or_default(), 60),
            ]);
        }
        write!(to, "{table}")
    }
}
