//! `belvedere registry`

mod account;
mod collect;
mod crew;
mod migrate;
mod opened;
mod usage;
mod who;

use anyhow::Result;
use clap::{Args, Subcommand};

use super::recorded::recorded;
use crate::config::Settings;
use crate::databases;
use opened::Opened;

const EXAMPLES: &str = "\
Examples:
  belvedere registry account add alice.example.com           somebody who has no account elsewhere
  belvedere registry account add ci.example.com --password-stdin <password.txt
  belvedere registry crew add bob.bsky.social                let somebody push who has one
  belvedere registry crew add did:plc:ewvi7nxzyoun6zhxrhs64oiz --permission read
  belvedere registry usage                                   who has how much here, the greatest first
  belvedere registry collect --dry-run                       what garbage collection would remove
  belvedere registry migrate alice.example.com --to-pds https://pds.example.com --account alice.bsky.social …

A server may be running beside all of them; only to collect blobs in a folder is left to it, which does so by itself.";

/// Say who pushes and pulls images here, see how much they have, remove what no image needs
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Registry {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Account(account::Account),
    Crew(crew::Crew),
    Usage(usage::Usage),
    Collect(collect::Collect),
    Migrate(Box<migrate::Migrate>),
}

impl Registry {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let comes_first = match &self.command {
            Command::Account(command) => command.comes_first(),
            Command::Crew(command) => command.comes_first(),
            Command::Usage(_) | Command::Collect(_) | Command::Migrate(_) => false,
        };
        let store = if comes_first {
            databases::open_or_create(settings).await?
        } else {
            databases::open_existing(settings).await?
        };
        let opened = Opened::new(settings, store).await?;
        recorded(&opened.store.state, async |log| match self.command {
            Command::Account(command) => command.run(&opened, &log).await,
            Command::Crew(command) => command.run(&opened, &log).await,
            Command::Usage(command) => command.run(&opened).await,
            Command::Collect(command) => command.run(&opened).await,
            Command::Migrate(command) => command.run(&opened, &log).await,
        })
        .await
    }
}
