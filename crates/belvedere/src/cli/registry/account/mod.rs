//! `belvedere registry account`

mod add;
mod list;
pub(super) mod named;
mod password;
mod remove;
mod secret;
mod view;

use anyhow::Result;
use clap::{Args, Subcommand};
use events::EventLog;

use super::opened::Opened;

const EXAMPLES: &str = "\
Examples:
  belvedere registry account add alice.example.com
  belvedere registry account add ci.example.com --password-stdin <password.txt
  belvedere registry account password alice.example.com
  belvedere registry account remove alice.example.com

Whoever has an account of the AT Protocol elsewhere needs none here: `belvedere registry crew add` lets them push. A running
server follows within two seconds.";

/// Make and remove accounts that are at home here, with a handle, a password and a repository
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Account {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(add::Add),
    List(list::List),
    Password(password::Password),
    Remove(remove::Remove),
}

impl Account {
    /// Whether this may be the first thing that comes into a database.
    pub(super) fn comes_first(&self) -> bool {
        matches!(self.command, Command::Add(_))
    }

    pub(super) async fn run(self, opened: &Opened<'_>, log: &EventLog) -> Result<()> {
        match self.command {
            Command::Add(command) => command.run(opened, log).await,
            Command::List(command) => command.run(&opened.accounts).await,
            Command::Password(command) => command.run(opened, log).await,
            Command::Remove(command) => command.run(opened, log).await,
        }
    }
}
