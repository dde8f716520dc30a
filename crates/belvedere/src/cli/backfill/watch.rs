//! `belvedere backfill watch`

use std::time::Duration;

use anyhow::Result;
use backfill::{Job, Status};
use clap::Args;
use tokio::time::sleep;

use super::opened::Opened;
use super::progress::Progress;
use super::view::JobView;
use crate::failure::Failure;
use crate::output::Output;

/// How often the databases are asked how far the job is.
const PERIOD: Duration = Duration::from_millis(500);

/// Show a job at work until it ends or is paused
///
/// Ending this command does not end the job.
#[derive(Args, Debug)]
pub(super) struct Watch {
    /// The id that `belvedere backfill list` shows [default: the newest job]
    id: Option<String>,
    #[command(flatten)]
    output: Output,
}

impl Watch {
    pub(super) async fn run(self, opened: &Opened<'_>) -> Result<()> {
        let id = match self.id {
            Some(id) => id,
            None => newest(opened).await?,
        };
        until_it_ends(opened, &id, self.output).await
    }
}

/// The newest job that has not ended, else the newest.
async fn newest(opened: &Opened<'_>) -> Result<String> {
    let jobs = opened.backfills.jobs().await?;
    let job = jobs.iter().find(|job| !job.status.is_final()).or(jobs.first());
    let none = || Failure::new("there is no job", "start one: belvedere backfill start");
    Ok(job.ok_or_else(none)?.id.clone())
}

/// Shows the job until nothing more happens to it, and then what has become of it.
pub(in crate::cli) async fn until_it_ends(opened: &Opened<'_>, id: &str, output: Output) -> Result<()> {
    let mut job = opened.backfills.job(id).await?;
    if !has_stopped(&job) {
        opened.note_if_unattended().await?;
    }
    let mut progress = Progress::new();
    while !has_stopped(&job) {
        progress.show(&job, &opened.backfills.hosts(id).await?);
        sleep(PERIOD).await;
        job = opened.backfills.job(id).await?;
    }
    progress.finish();
    output.print(&JobView::new(&job))?;
    outcome(&job)
}

fn has_stopped(job: &Job) -> bool {
    job.status.is_final() || job.status == Status::Paused
}

/// What was left out is no failure of the job, but nothing to be silent about.
fn outcome(job: &Job) -> Result<()> {
    let (id, failed) = (&job.id, job.failed_repos);
    match job.status {
        Status::Failed => Err(Failure::new(
            job.error.clone().unwrap_or_else(|| "the job failed".to_owned()),
            format!("when that is mended: belvedere backfill retry {id}"),
        )
        .into()),
        Status::Paused => {
            eprintln!("note: the job is paused; go on with: belvedere backfill resume {id}");
            Ok(())
        }
        _ if failed > 0 => {
            eprintln!("note: {failed} repositories could not be fetched: belvedere backfill errors {id}");
            Ok(())
        }
        _ => Ok(()),
    }
}
