//! `belvedere state rebuild`

use anyhow::Result;
use backfill::{Cause, NewJob, Scope};
use clap::Args;

use crate::cli::backfill::{JobView, Opened, until_it_ends};
use crate::cli::recorded::recorded;
use crate::config::Settings;
use crate::databases;
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  belvedere state rebuild                after `state restore`, or when the index was lost
  belvedere state rebuild --detach       and look later: belvedere backfill watch";

/// Fetch everything in the index again; a running server does it, and answers from what is there meanwhile
///
/// What was deleted here stays deleted. Ending this command does not end the job.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Rebuild {
    /// Start, and do not stay to watch
    #[arg(long)]
    detach: bool,
    #[command(flatten)]
    output: Output,
}

impl Rebuild {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let store = databases::open_existing(settings).await?;
        super::indexed(&store).await?;
        recorded(&store.state, async |log| {
            let opened = Opened::new(settings, &store, log).await?;
            let job = NewJob {
                collections: Vec::new(),
                scope: Scope::Network,
                mode: settings.backfill_mode,
                verified: settings.backfill_verified,
                cause: Cause::Rebuild,
                by: None,
            };
            let job = opened.backfills.start(job).await?;
            if !self.detach {
                return until_it_ends(&opened, &job.id, self.output).await;
            }
            self.output.print(&JobView::new(&job))?;
            opened.note_if_unattended().await
        })
        .await
    }
}
