//! `belvedere key`

mod create;
mod list;
mod revoke;

use accounts::{ApiKeys, Users};
use anyhow::Result;
use clap::{Args, Subcommand};

use super::recorded::recorded;
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
        let state = match &self.command {
            Command::Create(_) => databases::open_or_create(settings).await?.state,
            _ => databases::open_existing(settings).await?.state,
        };
        recorded(&state, async |log| {
            let keys = ApiKeys::new(&Users::new(state.clone(), log));
            match self.command {
                Command::Create(command) => command.run(&keys).await,
                Command::List(command) => command.run(&keys).await,
                Command::Revoke(command) => command.run(&keys).await,
            }
        })
        .await
    }
}
