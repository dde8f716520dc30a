//! `belvedere variable`

mod list;
mod remove;
mod set;

use anyhow::Result;
use appview::offline_engine;
use clap::{Args, Subcommand};
use scripts::Scripts;

use super::recorded::recorded;
use crate::config::Settings;
use crate::{databases, vault};

/// Set what scripts find in `env`; values are sealed where they are kept
#[derive(Args, Debug)]
pub(super) struct Variable {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Set(set::Set),
    List(list::List),
    Remove(remove::Remove),
}

impl Variable {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let store = match &self.command {
            Command::Set(_) => databases::open_or_create(settings).await?,
            _ => databases::open_existing(settings).await?,
        };
        let vault = vault::open(settings, &store.state).await?;
        recorded(&store.state, async |log| {
            let scripts = Scripts::open(&store, vault, log, offline_engine());
            match self.command {
                Command::Set(command) => command.run(&scripts).await,
                Command::List(command) => command.run(&scripts).await,
                Command::Remove(command) => command.run(&scripts).await,
            }
        })
        .await
    }
}
