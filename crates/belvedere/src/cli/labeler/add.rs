//! `belvedere labeler add`

use anyhow::Result;
use clap::Args;
use labels::Labelers;

use super::view::Changed;
use crate::cli::user::did;
use crate::config::Settings;
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  belvedere labeler add did:plc:ar7c4by46qjdydhdevvrndac
  belvedere labeler add moderation.example.com

Its labels are stored as it says them, from the first one on; a script decides otherwise, `belvedere script add
labeler.apply:NSID FILE`. Answers carry them for whoever sends `atproto-accept-labelers`; scripts see them with
atproto.get_labels.";

/// Listen to a labeler, or again to one that was paused
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Add {
    /// DID or handle
    labeler: String,
    #[command(flatten)]
    output: Output,
}

impl Add {
    pub(super) async fn run(self, labelers: &Labelers, settings: &Settings) -> Result<()> {
        let did = did(&self.labeler, settings).await?;
        labelers.add(&did, None).await?;
        Ok(self.output.print(&Changed { did: did.to_string(), status: "active" })?)
    }
}
