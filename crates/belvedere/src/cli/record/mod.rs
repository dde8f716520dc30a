//! `belvedere record`

mod count;
mod get;
mod list;
mod view;

use anyhow::Result;
use clap::{Args, Subcommand};
use records::Records;

use crate::config::Settings;
use crate::databases;

/// Look at the records that are here
#[derive(Args, Debug)]
pub(super) struct Record {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::List),
    Get(get::Get),
    Count(count::Count),
}

impl Record {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let store = databases::open_existing(settings).await?;
        // A command only reads, so there is nothing to keep in step.
        let records = Records::new(&store, crate::databases::projections());
        match self.command {
            Command::List(command) => command.run(&records).await,
            Command::Get(command) => command.run(&records).await,
            Command::Count(command) => command.run(&records).await,
        }
    }
}
