//! `belvedere dead-letter`

mod again;
mod dismiss;
mod list;
mod selection;
mod show;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use scripts::DeadLetters;

use crate::config::Settings;
use crate::databases;
use crate::failure::Failure;

const EXAMPLES: &str = "\
A script that fails holds nothing up: its record is stored as it came, the script is tried four times, and then the event is a
dead letter. Look at one, mend the script, and then
  retry      runs the script of today on what was kept
  reindex    fetches the record again from its author's PDS and runs the script of today on that
  dismiss    lets it be

Examples:
  belvedere dead-letter list
  belvedere dead-letter show 7
  belvedere script test record.index:com.example.note --file mended.lua --uri at://…
  belvedere dead-letter retry 7
  belvedere dead-letter reindex --all --collection com.example.note";

/// Look at events whose script failed for good, and try them again
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct DeadLetter {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::List),
    Show(show::Show),
    /// Run the script of today on what was kept, and carry out what it decides
    Retry(again::Again),
    /// Fetch records again from their authors' PDSs, and run the scripts of today on them
    Reindex(again::Again),
    Dismiss(dismiss::Dismiss),
}

impl DeadLetter {
    pub(super) async fn run(self, settings: &Settings) -> Result<ExitCode> {
        let store = databases::open_existing(settings).await?;
        let letters = DeadLetters::new(&store.state);
        match self.command {
            Command::List(command) => command.run(&letters).await?,
            Command::Show(command) => command.run(&letters).await?,
            Command::Dismiss(command) => command.run(&letters).await?,
            Command::Retry(command) => return command.run(settings, &letters, again::How::Retry).await,
            Command::Reindex(command) => return command.run(settings, &letters, again::How::Reindex).await,
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn not_here(id: i64) -> Failure {
    Failure::new(
        format!("there is no dead letter {id} that waits for somebody"),
        "`belvedere dead-letter list` shows those there are",
    )
}
