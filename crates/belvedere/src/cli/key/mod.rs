//! `belvedere key`

mod create;
mod list;
mod revoke;

use accounts::Accounts;
use anyhow::Result;
use clap::{Args, Subcommand};

use crate::config::Settings;
use crate::databases;

/// Make and revoke keys for the admin API
#[derive(Args, Debug)]
pub(super) struct Key {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Create(create::Create),
    List(list::List),
    Revoke(revoke::Revoke),
}

impl Key {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let store = match &self.command {
            Command::Create(_) => databases::open_or_create(settings).await?,
            _ => databases::open_existing(settings).await?,
        };
        let accounts = Accounts::new(store.state);
        match self.command {
            Command::Create(command) => command.run(&accounts).await,
            Command::List(command) => command.run(&accounts).await,
            Command::Revoke(command) => command.run(&accounts).await,
        }
    }
}
