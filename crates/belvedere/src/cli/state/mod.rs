//! `belvedere state`

mod backup;
mod differences;
mod indexed;
mod master_secret;
mod part;
mod progress;
mod rebuild;
mod restore;
mod restored;
mod show;
mod verify;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use indexed::indexed;

use crate::config::Settings;
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  belvedere state                                every table with its tier, rows and bytes
  belvedere state backup belvedere.backup        while the server runs
  belvedere state restore belvedere.backup --data-dir new
  belvedere state rebuild                        fetch the index again
  belvedere state verify                         compare it with the hosts of 50 repositories";

/// Show every table; back up and restore what can be had from nowhere else; rebuild and verify the rest
///
/// Without a command: every table with its tier, rows and bytes. Tables of the tier `state`, and of `scripts` what scripts
/// made, are durable: back them up. Those of the tier `index` are a view of the network that can be made again. Rows are counted one by one, which takes a
/// moment with millions of them.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, after_help = EXAMPLES)]
pub(super) struct State {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, Subcommand)]
enum Command {
    Backup(backup::Backup),
    Restore(restore::Restore),
    Rebuild(rebuild::Rebuild),
    Verify(verify::Verify),
}

impl State {
    pub(super) async fn run(self, settings: &Settings) -> Result<ExitCode> {
        match self.command {
            None => show::run(self.output, settings).await?,
            Some(Command::Backup(command)) => command.run(settings).await?,
            Some(Command::Restore(command)) => command.run(settings).await?,
            Some(Command::Rebuild(command)) => command.run(settings).await?,
            Some(Command::Verify(command)) => return command.run(settings).await,
        }
        Ok(ExitCode::SUCCESS)
    }
}
