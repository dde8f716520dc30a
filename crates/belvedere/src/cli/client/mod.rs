//! `belvedere client`

mod create;
mod list;
mod named;
mod remove;
mod show;
mod update;
mod view;

use accounts::clients::ClientRegistry;
use anyhow::Result;
use clap::{Args, Subcommand};

use super::recorded::recorded;
use crate::config::Settings;
use crate::databases;

/// Register apps that act for their users through this server
///
/// A running server notices changes within two seconds.
#[derive(Args, Debug)]
pub(super) struct Client {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::List),
    Show(show::Show),
    Create(create::Create),
    Update(update::Update),
    Remove(remove::Remove),
}

impl Client {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let state = match &self.command {
            Command::Create(_) => databases::open_or_create(settings).await?.state,
            _ => databases::open_existing(settings).await?.state,
        };
        recorded(&state, async |log| {
            let clients = ClientRegistry::new(state.clone(), log);
            match self.command {
                Command::List(command) => command.run(&clients).await,
                Command::Show(command) => command.run(&clients).await,
                Command::Create(command) => command.run(&clients).await,
                Command::Update(command) => command.run(&clients).await,
                Command::Remove(command) => command.run(&clients).await,
            }
        })
        .await
    }
}
