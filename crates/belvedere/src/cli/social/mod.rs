//! `belvedere social`

mod role;

use anyhow::Result;
use clap::{Args, Subcommand};

use super::recorded::recorded;
use crate::config::Settings;
use crate::databases;

const EXAMPLES: &str = "\
Examples:
  belvedere social role ann admin          the first admin of a new server; the others are made by admins
  belvedere social role ben moderator      answers reports, suspends and silences people
  belvedere social role ann user           neither any more

People make their profiles themselves: `POST /social/auth/register`. A server may be running.";

/// Say who moderates the microblog
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Social {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Role(role::Role),
}

impl Social {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let state = databases::open_existing(settings).await?.state;
        recorded(&state, async |log| match self.command {
            Command::Role(command) => command.run(&state, &log).await,
        })
        .await
    }
}
