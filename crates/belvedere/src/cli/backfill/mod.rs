//! `belvedere backfill`

pub(super) mod attended;
mod cancel;
mod errors;
mod list;
mod missing;
mod opened;
mod pause;
mod progress;
mod resume;
mod retry;
mod show;
mod start;
mod view;
mod watch;

use anyhow::Result;
use clap::{Args, Subcommand};

use super::recorded::recorded;
use crate::config::Settings;
use crate::databases;
pub(super) use opened::Opened;
pub(super) use view::JobView;
pub(super) use watch::until_it_ends;

const EXAMPLES: &str = "\
Examples:
  belvedere backfill start                             everything that lexicons ask for, from the whole network
  belvedere backfill start xyz.statusphere.status --watch
  belvedere backfill start --repo alice.example.com    all collections of one account
  belvedere backfill watch                             see the newest job at work
  belvedere backfill errors ID                         what could not be fetched, and why
  belvedere backfill missing                           what cannot be believed, whoever said it";

/// Fetch what was written before; a running server carries the jobs out
///
/// A job looks up which repositories have records of its collections, and fetches these from their hosts. It can be
/// started again at any time: what is here already stays, and what was written since then counts more.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Backfill {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Start(start::Start),
    Watch(watch::Watch),
    Pause(pause::Pause),
    Resume(resume::Resume),
    Cancel(cancel::Cancel),
    List(list::List),
    Show(show::Show),
    Errors(errors::Errors),
    Missing(missing::Missing),
    Retry(retry::Retry),
}

impl Backfill {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let store = databases::open_existing(settings).await?;
        recorded(&store.state, async |log| {
            let opened = Opened::new(settings, &store, log).await?;
            match self.command {
                Command::Start(command) => command.run(&opened).await,
                Command::Watch(command) => command.run(&opened).await,
                Command::Pause(command) => command.run(&opened).await,
                Command::Resume(command) => command.run(&opened).await,
                Command::Cancel(command) => command.run(&opened).await,
                Command::List(command) => command.run(&opened).await,
                Command::Show(command) => command.run(&opened).await,
                Command::Errors(command) => command.run(&opened).await,
                Command::Missing(command) => command.run(&opened).await,
                Command::Retry(command) => command.run(&opened).await,
            }
        })
        .await
    }
}
