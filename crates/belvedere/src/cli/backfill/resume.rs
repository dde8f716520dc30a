//! `belvedere backfill resume`

use anyhow::Result;
use clap::Args;

use super::opened::Opened;
use super::view::JobView;
use crate::output::Output;

/// Let a paused job go on
#[derive(Args, Debug)]
pub(super) struct Resume {
    /// The id that `belvedere backfill list` shows
    id: String,
    #[command(flatten)]
    output: Output,
}

impl Resume {
    pub(super) async fn run(self, opened: &Opened<'_>) -> Result<()> {
        let job = opened.backfills.resume(&self.id).await?;
        self.output.print(&JobView::new(&job))?;
        opened.note_if_unattended().await
    }
}
