//! `belvedere labeler remove`

use anyhow::Result;
use atproto::Did;
use clap::Args;
use labels::Labelers;

use super::not_here;
use super::view::Changed;
use crate::output::Output;

/// Stop listening to a labeler and drop all its labels
#[derive(Args, Debug)]
pub(super) struct Remove {
    /// Its DID
    #[arg(value_parser = Did::parse)]
    did: Did,
    #[command(flatten)]
    output: Output,
}

impl Remove {
    pub(super) async fn run(self, labelers: &Labelers) -> Result<()> {
        if !labelers.remove(&self.did, None).await? {
            return Err(not_here(&self.did).into());
        }
        Ok(self.output.print(&Changed { did: self.did.to_string(), status: "removed" })?)
    }
}
