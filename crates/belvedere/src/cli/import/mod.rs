//! `belvedere import`

mod atcr;
mod happy;
mod happyview;
mod kind;
mod registry;
mod summary;
mod target;
mod thoughts;
mod vault;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::config::Settings;

pub(super) use registry::password_in;

/// Take over what another server kept
#[derive(Args, Debug)]
pub(super) struct Import {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Happyview(happyview::Happyview),
    Happy(happy::Happy),
    Registry(registry::Registry),
    Atcr(atcr::Atcr),
    Thoughts(thoughts::Thoughts),
}

impl Import {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        match self.command {
            Command::Happyview(command) => command.run(settings).await,
            Command::Happy(command) => command.run(settings).await,
            Command::Registry(command) => command.run(settings).await,
            Command::Atcr(command) => command.run(settings).await,
            Command::Thoughts(command) => command.run(settings).await,
        }
    }
}
