//! `belvedere labeler`

mod add;
mod list;
mod pause;
mod remove;
mod resume;
mod view;

use anyhow::Result;
use atproto::Did;
use clap::{Args, Subcommand};
use labels::Labelers;

use super::recorded::recorded;
use crate::config::Settings;
use crate::databases;
use crate::failure::Failure;

/// Choose the labelers to listen to; a running server follows within a second
#[derive(Args, Debug)]
pub(super) struct Labeler {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(add::Add),
    List(list::List),
    Pause(pause::Pause),
    Resume(resume::Resume),
    Remove(remove::Remove),
}

impl Labeler {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let store = match &self.command {
            Command::Add(_) => databases::open_or_create(settings).await?,
            _ => databases::open_existing(settings).await?,
        };
        recorded(&store.state, async |log| {
            let labelers = Labelers::new(&store, log);
            match self.command {
                Command::Add(command) => command.run(&labelers, settings).await,
                Command::List(command) => command.run(&labelers).await,
                Command::Pause(command) => command.run(&labelers).await,
                Command::Resume(command) => command.run(&labelers).await,
                Command::Remove(command) => command.run(&labelers).await,
            }
        })
        .await
    }
}

fn not_here(did: &Did) -> Failure {
    Failure::new(format!("there is no labeler {did}"), "`belvedere labeler list` shows those there are")
}
