//! `belvedere job`

mod cancel;
mod list;
mod logs;
mod opened;
mod pause;
mod resume;
mod retry;
mod show;
mod view;

use anyhow::Result;
use clap::{Args, Subcommand};

use super::recorded::recorded;
use crate::config::Settings;
use crate::databases;
use opened::Opened;

const EXAMPLES: &str = "\
Examples:
  belvedere script add job.run:notify notify.lua   say what jobs of the type `notify` do
  belvedere job list --status failed               see what went wrong
  belvedere job show ID                            input, progress, result, error
  belvedere job logs ID                            what it wrote down with log()
  belvedere job retry ID                           run it again when that is mended";

/// Look at the background jobs that scripts made, and stop them; a running server carries them out
///
/// A script makes a job with jobs.create("notify", { … }), and the script with the trigger job.run:notify does the work. A
/// job that is paused begins again from its beginning when it is resumed.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Job {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::List),
    Show(show::Show),
    Logs(logs::Logs),
    Cancel(cancel::Cancel),
    Pause(pause::Pause),
    Resume(resume::Resume),
    Retry(retry::Retry),
}

impl Job {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let store = databases::open_existing(settings).await?;
        recorded(&store.state, async |log| {
            let opened = Opened::new(settings, &store, log);
            match self.command {
                Command::List(command) => command.run(&opened).await,
                Command::Show(command) => command.run(&opened).await,
                Command::Logs(command) => command.run(&opened).await,
                Command::Cancel(command) => command.run(&opened).await,
                Command::Pause(command) => command.run(&opened).await,
                Command::Resume(command) => command.run(&opened).await,
                Command::Retry(command) => command.run(&opened).await,
            }
        })
        .await
    }
}
