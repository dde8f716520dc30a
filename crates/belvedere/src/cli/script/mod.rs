//! `belvedere script`

mod add;
mod list;
mod remove;
mod show;
mod view;

use anyhow::Result;
use appview::offline_engine;
use clap::{Args, Subcommand};
use scripts::Scripts;

use super::recorded::recorded;
use crate::config::Settings;
use crate::failure::Failure;
use crate::{databases, vault};

/// Add, look at and remove Lua scripts; a running server follows within a second
#[derive(Args, Debug)]
pub(super) struct Script {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(add::Add),
    List(list::List),
    Show(show::Show),
    Remove(remove::Remove),
}

impl Script {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let store = match &self.command {
            Command::Add(_) => databases::open_or_create(settings).await?,
            _ => databases::open_existing(settings).await?,
        };
        let vault = vault::open(settings, &store.state).await?;
        recorded(&store.state, async |log| {
            let scripts = Scripts::open(&store, vault, log, offline_engine());
            match self.command {
                Command::Add(command) => command.run(&scripts).await,
                Command::List(command) => command.run(&scripts).await,
                Command::Show(command) => command.run(&scripts).await,
                Command::Remove(command) => command.run(&scripts).await,
            }
        })
        .await
    }
}

fn not_here(id: &str) -> Failure {
    Failure::new(format!("there is no script {id}"), "`belvedere script list` shows those there are")
}
