//! `belvedere user`

mod add;
mod grant;
mod list;
mod remove;
mod revoke;
mod show;
mod transfer;
mod view;
mod who;

pub(super) use who::did;

use accounts::Users;
use anyhow::Result;
use clap::{Args, Subcommand};

use super::recorded::recorded;
use crate::config::Settings;
use crate::databases;

const EXAMPLES: &str = "\
Examples:
  belvedere user list
  belvedere user add alice.example.com --template operator
  belvedere user grant did:plc:ewvi7nxzyoun6zhxrhs64oiz --permission lexicons:create
  belvedere user transfer-super alice.example.com

A user is named by id, DID or handle. A running server notices within two seconds.";

/// Say who may do what on this server
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct User {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::List),
    Show(show::Show),
    Add(add::Add),
    Grant(grant::Grant),
    Revoke(revoke::Revoke),
    Remove(remove::Remove),
    TransferSuper(transfer::TransferSuper),
}

impl User {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let state = match &self.command {
            Command::Add(_) => databases::open_or_create(settings).await?.state,
            _ => databases::open_existing(settings).await?.state,
        };
        recorded(&state, async |log| {
            let users = Users::new(state.clone(), log);
            match self.command {
                Command::List(command) => command.run(&users).await,
                Command::Show(command) => command.run(&users, settings).await,
                Command::Add(command) => command.run(&users, settings).await,
                Command::Grant(command) => command.run(&users, settings).await,
                Command::Revoke(command) => command.run(&users, settings).await,
                Command::Remove(command) => command.run(&users, settings).await,
                Command::TransferSuper(command) => command.run(&users, settings).await,
            }
        })
        .await
    }
}
