//! `belvedere labeler resume`

use anyhow::Result;
use atproto::Did;
use clap::Args;
use labels::{LabelerStatus, Labelers};

use super::not_here;
use super::view::Changed;
use crate::output::Output;

/// Listen to a paused labeler again, from where it was left
#[derive(Args, Debug)]
pub(super) struct Resume {
    /// Its DID
    #[arg(value_parser = Did::parse)]
    did: Did,
    #[command(flatten)]
    output: Output,
}

impl Resume {
    pub(super) async fn run(self, labelers: &Labelers) -> Result<()> {
        if !labelers.set_status(&self.did, LabelerStatus::Active, None).await? {
            return Err(not_here(&self.did).into());
        }
        Ok(self.output.print(&Changed { did: self.did.to_string(), status: "active" })?)
    }
}
