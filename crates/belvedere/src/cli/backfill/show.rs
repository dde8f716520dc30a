//! `belvedere backfill show`

use anyhow::Result;
use clap::Args;

use super::opened::Opened;
use super::view::JobView;
use crate::output::Output;

/// Show how far a job is
#[derive(Args, Debug)]
pub(super) struct Show {
    /// The id that `belvedere backfill list` shows
    id: String,
    #[command(flatten)]
    output: Output,
}

impl Show {
    pub(super) async fn run(self, opened: &Opened<'_>) -> Result<()> {
        let job = opened.backfills.job(&self.id).await?;
        Ok(self.output.print(&JobView::new(&job))?)
    }
}
