//! `belvedere registry crew`

mod add;
mod granted;
mod list;
mod remove;
mod view;

use anyhow::Result;
use clap::{Args, Subcommand};
use events::EventLog;

use super::opened::Opened;

const EXAMPLES: &str = "\
Examples:
  belvedere registry crew add alice.bsky.social
  belvedere registry crew add did:plc:ewvi7nxzyoun6zhxrhs64oiz --permission admin --tier bosun
  belvedere registry crew remove alice.bsky.social

People with an account at this server, and the captain (hold_owner), may push without being in the crew. So may everybody where
hold_allow_all_crew is set. A running server follows at once.";

/// Say who may push and pull here with an account that they have elsewhere
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Crew {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(add::Add),
    List(list::List),
    Remove(remove::Remove),
}

impl Crew {
    /// Whether this may be the first thing that comes into a database.
    pub(super) fn comes_first(&self) -> bool {
        matches!(self.command, Command::Add(_))
    }

    pub(super) async fn run(self, opened: &Opened<'_>, log: &EventLog) -> Result<()> {
        match self.command {
            Command::Add(command) => command.run(opened, log).await,
            Command::List(command) => command.run(opened).await,
            Command::Remove(command) => command.run(opened, log).await,
        }
    }
}
