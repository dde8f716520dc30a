//! `belvedere lexicon`

mod add;
mod history;
mod list;
mod remove;
mod report;
mod show;
mod source;
mod view;

use anyhow::Result;
use appview::Lexicons;
use clap::{Args, Subcommand};

use super::recorded::recorded;
use crate::config::Settings;
use crate::databases;
use history::History;

/// Add, look at and remove lexicons; a running server follows within a second
#[derive(Args, Debug)]
pub(super) struct Lexicon {
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

impl Lexicon {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let store = match &self.command {
            Command::Add(_) => databases::open_or_create(settings).await?,
            _ => databases::open_existing(settings).await?,
        };
        recorded(&store.state, async |log| {
            let lexicons = Lexicons::open(&store).recorded_in(log.clone());
            let history = History { settings, store: &store, log };
            match self.command {
                Command::Add(command) => command.run(&lexicons, &history).await,
                Command::List(command) => command.run(&lexicons).await,
                Command::Show(command) => command.run(&lexicons).await,
                Command::Remove(command) => command.run(&lexicons).await,
            }
        })
        .await
    }
}
