//! `belvedere job cancel`

use anyhow::Result;
use appview::JobView;
use clap::Args;

use super::opened::Opened;
use crate::output::Output;

/// Stop a background job for good; a script that does not listen is cut off after half a minute
#[derive(Args, Debug)]
pub(super) struct Cancel {
    /// The id that `belvedere job list` shows
    id: String,
    #[command(flatten)]
    output: Output,
}

impl Cancel {
    pub(super) async fn run(self, opened: &Opened<'_>) -> Result<()> {
        let job = opened.jobs.cancel(&self.id).await?;
        Ok(self.output.print(&JobView::new(job))?)
    }
}
