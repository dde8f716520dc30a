//! `belvedere backfill pause`

use anyhow::Result;
use clap::Args;

use super::opened::Opened;
use super::view::JobView;
use crate::output::Output;

/// Stop a job for now; what it has fetched stays, and it goes on from there
#[derive(Args, Debug)]
pub(super) struct Pause {
    /// The id that `belvedere backfill list` shows
    id: String,
    #[command(flatten)]
    output: Output,
}

impl Pause {
    pub(super) async fn run(self, opened: &Opened<'_>) -> Result<()> {
        let job = opened.backfills.pause(&self.id).await?;
        Ok(self.output.print(&JobView::new(&job))?)
    }
}
