//! `belvedere permission`

mod list;

use anyhow::Result;
use clap::{Args, Subcommand};

/// Look up what users and keys may be allowed
#[derive(Args, Debug)]
pub(super) struct Permission {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::List),
}

impl Permission {
    pub(super) fn run(self) -> Result<()> {
        match self.command {
            Command::List(command) => command.run(),
        }
    }
}
