//! `belvedere backfill cancel`

use anyhow::Result;
use clap::Args;

use super::opened::Opened;
use super::view::JobView;
use crate::output::Output;

/// Stop a job for good; what it has fetched stays
#[derive(Args, Debug)]
pub(super) struct Cancel {
    /// The id that `belvedere backfill list` shows
    id: String,
    #[command(flatten)]
    output: Output,
}

impl Cancel {
    pub(super) async fn run(self, opened: &Opened<'_>) -> Result<()> {
        let job = opened.backfills.cancel(&self.id).await?;
        Ok(self.output.print(&JobView::new(&job))?)
    }
}
