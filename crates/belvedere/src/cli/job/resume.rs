//! `belvedere job resume`

use anyhow::Result;
use appview::JobView;
use clap::Args;

use super::opened::Opened;
use crate::output::Output;

/// Let a paused background job begin again
#[derive(Args, Debug)]
pub(super) struct Resume {
    /// The id that `belvedere job list` shows
    id: String,
    #[command(flatten)]
    output: Output,
}

impl Resume {
    pub(super) async fn run(self, opened: &Opened<'_>) -> Result<()> {
        let job = opened.jobs.resume(&self.id).await?;
        self.output.print(&JobView::new(job))?;
        opened.note_if_unattended().await
    }
}
