//! `belvedere labeler pause`

use anyhow::Result;
use atproto::Did;
use clap::Args;
use labels::{LabelerStatus, Labelers};

use super::not_here;
use super::view::Changed;
use crate::output::Output;

/// Stop listening to a labeler for now; what it has said so far stays
#[derive(Args, Debug)]
pub(super) struct Pause {
    /// Its DID
    #[arg(value_parser = Did::parse)]
    did: Did,
    #[command(flatten)]
    output: Output,
}

impl Pause {
    pub(super) async fn run(self, labelers: &Labelers) -> Result<()> {
        if !labelers.set_status(&self.did, LabelerStatus::Paused, None).await? {
            return Err(not_here(&self.did).into());
        }
        Ok(self.output.print(&Changed { did: self.did.to_string(), status: "paused" })?)
    }
}
