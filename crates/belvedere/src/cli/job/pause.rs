//! `belvedere job pause`

use anyhow::Result;
use appview::JobView;
use clap::Args;

use super::opened::Opened;
use crate::output::Output;

/// Stop a background job until it is resumed
#[derive(Args, Debug)]
pub(super) struct Pause {
    /// The id that `belvedere job list` shows
    id: String,
    #[command(flatten)]
    output: Output,
}

impl Pause {
    pub(super) async fn run(self, opened: &Opened<'_>) -> Result<()> {
        let job = opened.jobs.pause(&self.id).await?;
        Ok(self.output.print(&JobView::new(job))?)
    }
}
