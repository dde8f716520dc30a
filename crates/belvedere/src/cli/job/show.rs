//! `belvedere job show`

use anyhow::Result;
use appview::JobView;
use clap::Args;

use super::opened::Opened;
use crate::output::Output;

/// Show a background job: what it works on, how far it is, how it ended
#[derive(Args, Debug)]
pub(super) struct Show {
    /// The id that `belvedere job list` shows
    id: String,
    #[command(flatten)]
    output: Output,
}

impl Show {
    pub(super) async fn run(self, opened: &Opened<'_>) -> Result<()> {
        let job = opened.jobs.get(&self.id).await?;
        Ok(self.output.print(&JobView::new(job))?)
    }
}
