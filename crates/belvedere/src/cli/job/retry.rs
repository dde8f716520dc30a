//! `belvedere job retry`

use anyhow::Result;
use appview::JobView;
use clap::Args;

use super::opened::Opened;
use crate::output::Output;

/// Let a background job begin again that failed or was cancelled
#[derive(Args, Debug)]
pub(super) struct Retry {
    /// The id that `belvedere job list` shows
    id: String,
    #[command(flatten)]
    output: Output,
}

impl Retry {
    pub(super) async fn run(self, opened: &Opened<'_>) -> Result<()> {
        let job = opened.jobs.retry(&self.id).await?;
        self.output.print(&JobView::new(job))?;
        opened.note_if_unattended().await
    }
}
