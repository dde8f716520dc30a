//! `belvedere script`

mod add;
mod list;
mod logs;
mod remove;
mod report;
mod run;
mod show;
mod test;
mod tried_on;
mod view;

use std::process::ExitCode;

use anyhow::Result;
use appview::offline_engine;
use clap::{Args, Subcommand};
use scripts::{ScriptTable, Scripts};

use super::recorded::recorded;
use crate::config::Settings;
use crate::failure::Failure;
use crate::{databases, vault};

/// Add, try, look at and remove Lua scripts; a running server follows within a second
#[derive(Args, Debug)]
pub(super) struct Script {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(add::Add),
    List(list::List),
    Show(show::Show),
    Test(test::Test),
    Run(run::Run),
    Logs(logs::Logs),
    Remove(remove::Remove),
}

impl Script {
    pub(super) async fn run(self, settings: &Settings) -> Result<ExitCode> {
        match self.command {
            Command::Add(command) => add(command, settings).await?,
            Command::List(command) => on_table(settings, async |table| command.run(table).await).await?,
            Command::Show(command) => on_table(settings, async |table| command.run(table).await).await?,
            Command::Remove(command) => on_table(settings, async |table| command.run(table).await).await?,
            Command::Test(command) => return command.run(settings).await,
            Command::Run(command) => return command.run(settings).await,
            Command::Logs(command) => command.run(settings).await?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn add(command: add::Add, settings: &Settings) -> Result<()> {
    let store = databases::open_or_create(settings).await?;
    let vault = vault::open(settings, &store.state).await?;
    recorded(&store.state, async |log| {
        command.run(&Scripts::open(&store, vault, log, offline_engine())).await
    })
    .await
}

/// For what needs no secrets.
async fn on_table(settings: &Settings, work: impl AsyncFnOnce(&ScriptTable) -> Result<()>) -> Result<()> {
    let store = databases::open_existing(settings).await?;
    recorded(&store.state, async |log| work(&ScriptTable::new(&store.state, log)).await).await
}

fn not_here(id: &str) -> Failure {
    Failure::new(format!("there is no script {id}"), "`belvedere script list` shows those there are")
}
