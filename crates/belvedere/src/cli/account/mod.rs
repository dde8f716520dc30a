//! `belvedere account`

mod delete;
mod list;
mod named;
mod revoke_tokens;
mod show;
mod view;

use anyhow::Result;
use clap::{Args, Subcommand};
use sync::Operator;

use super::recorded::recorded;
use crate::config::Settings;
use crate::databases;

const EXAMPLES: &str = "\
Examples:
  belvedere account list                         the newest accounts, and how much each has here
  belvedere account show cmfz0k3p200010123456789ab
  belvedere account revoke-tokens cmfz0k3p200010123456789ab
  belvedere account delete cmfz0k3p200010123456789ab

People make their accounts themselves, with their devices; what they write can be read by those only. A server may be running.
Users of the dashboard are others: `belvedere user`.";

/// Look at the accounts of the relay, delete them, revoke their tokens
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Account {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::List),
    Show(show::Show),
    RevokeTokens(revoke_tokens::RevokeTokens),
    Delete(delete::Delete),
}

impl Account {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let state = databases::open_existing(settings).await?.state;
        let operator = Operator::new(state.clone());
        recorded(&state, async |log| match self.command {
            Command::List(command) => command.run(&operator).await,
            Command::Show(command) => command.run(&operator).await,
            Command::RevokeTokens(command) => command.run(&operator, &log).await,
            Command::Delete(command) => command.run(&operator, &log).await,
        })
        .await
    }
}
