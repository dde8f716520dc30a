//! The command line: what can be said, and who does it.

mod account;
mod backfill;
mod client;
mod config;
mod confirmation;
mod dead_letter;
mod doctor;
mod granted;
mod import;
mod job;
mod key;
mod labeler;
mod lexicon;
mod permission;
mod query;
mod record;
mod recorded;
mod registry;
mod removal;
mod routes;
mod script;
mod serve;
mod social;
mod state;
mod user;
mod variable;
mod version;
mod with_appview;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use rustix::process::Signal;
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};

use crate::config::{Flags, Group, Settings, Values};
use crate::{logging, traces};

const EXAMPLES: &str = "\
Examples:
  belvedere serve --data-dir data --port 3000      index records as they are written, and answer queries
  belvedere lexicon add xyz.statusphere.status     say what to index
  belvedere record list xyz.statusphere.status     see what has arrived
  belvedere script add record.index:xyz.statusphere.status status.lua
                                                   decide what becomes of it
  belvedere script test record.index:xyz.statusphere.status
                                                   try it first, on the newest record and without effects
  belvedere backfill watch                         see how much of its history is here
  belvedere user add alice.example.com --template operator
  belvedere key create --name laptop               make a key for the admin API
  belvedere doctor                                 find out what is wrong

Every setting is an environment variable, a key in belvedere.toml and, unless it is secret, a flag; `belvedere config`
shows them all.";

/// Work that may still be going on when the answer has been given.
const LEFTOVERS: Duration = Duration::from_millis(100);

/// One self-hosted server for apps whose data belongs to their users.
#[derive(Debug, Parser)]
#[command(name = "belvedere", version, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Lexicon(lexicon::Lexicon),
    Script(script::Script),
    Variable(variable::Variable),
    Labeler(labeler::Labeler),
    DeadLetter(dead_letter::DeadLetter),
    Record(record::Record),
    Query(query::Query),
    Job(job::Job),
    Backfill(backfill::Backfill),
    User(user::User),
    Account(account::Account),
    Registry(registry::Registry),
    Social(social::Social),
    Key(key::Key),
    Client(client::Client),
    Permission(permission::Permission),
    State(state::State),
    Import(import::Import),
    Doctor(doctor::Doctor),
    Config(config::Config),
    Routes(routes::Routes),
    Version(version::Version),
}

/// Which settings the commands take as flags. Variables and the file count for all of them.
const SETTINGS: [(&str, &[Group]); 20] = [
    ("serve", &Group::ALL),
    ("lexicon", &[Group::Data, Group::Network, Group::Logs]),
    // A script that is tried may look at the network.
    ("script", &[Group::Data, Group::Network, Group::Logs]),
    ("variable", &[Group::Data, Group::Logs]),
    // One may be named by a handle.
    ("labeler", &[Group::Data, Group::Network, Group::Logs]),
    ("dead-letter", &[Group::Data, Group::Network, Group::Logs]),
    ("record", &[Group::Data, Group::Logs]),
    // It is asked as a server would be.
    ("query", &[Group::Data, Group::Network, Group::Logs]),
    ("job", &[Group::Data, Group::Logs]),
    ("backfill", &[Group::Data, Group::Network, Group::Logs]),
    // A user may be named by a handle.
    ("user", &[Group::Data, Group::Network, Group::Logs]),
    ("account", &[Group::Data, Group::Logs]),
    // Somebody may be named by a handle.
    ("registry", &[Group::Data, Group::Network, Group::Registry, Group::Logs]),
    ("social", &[Group::Data, Group::Logs]),
    ("key", &[Group::Data, Group::Logs]),
    ("client", &[Group::Data, Group::Logs]),
    ("state", &[Group::Data, Group::Network, Group::Logs]),
    ("import", &[Group::Data, Group::Network, Group::Logs]),
    ("doctor", &Group::ALL),
    ("config", &Group::ALL),
];

/// Everything that can be said, with the flags of the settings.
fn command() -> clap::Command {
    SETTINGS.iter().fold(Cli::command(), |cli, (name, groups)| {
        cli.mut_subcommand(name, |command| Flags::define(command, groups))
    })
}

/// Reads the command line and does what it says.
pub(crate) fn main() -> Result<ExitCode> {
    let matches = command().get_matches();
    let flags = Flags::of(&matches);
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let runtime = Runtime::new().context("cannot start threads")?;
    let outcome = runtime.block_on(run(cli.command, &flags));
    runtime.shutdown_timeout(LEFTOVERS);
    outcome
}

async fn run(command: Command, flags: &Flags) -> Result<ExitCode> {
    // A file that may not grow must be an error that can be told, not a signal that ends the program without a word.
    drop(signal(SignalKind::from_raw(Signal::XFSZ.as_raw())).context("cannot listen for signals")?);
    match command {
        Command::Doctor(command) => return command.run(flags).await,
        Command::Config(command) => command.run(flags)?,
        Command::Version(command) => command.run()?,
        Command::Serve(_) => {
            let settings = Settings::new(&Values::load(flags)?)?;
            logging::start(&settings, "info", traces::tracer(&settings)?);
            crate::serve::run(settings).await?;
        }
        Command::Lexicon(command) => command.run(&settings(flags, "warn")?).await?,
        Command::Script(command) => return command.run(&settings(flags, "warn")?).await,
        Command::Variable(command) => command.run(&settings(flags, "warn")?).await?,
        Command::Labeler(command) => command.run(&settings(flags, "warn")?).await?,
        Command::DeadLetter(command) => return command.run(&settings(flags, "warn")?).await,
        Command::Record(command) => command.run(&settings(flags, "warn")?).await?,
        Command::Query(command) => command.run(&settings(flags, "warn")?).await?,
        Command::Job(command) => command.run(&settings(flags, "warn")?).await?,
        Command::Backfill(command) => command.run(&settings(flags, "warn")?).await?,
        Command::User(command) => command.run(&settings(flags, "warn")?).await?,
        Command::Account(command) => command.run(&settings(flags, "warn")?).await?,
        Command::Registry(command) => command.run(&settings(flags, "warn")?).await?,
        Command::Social(command) => command.run(&settings(flags, "warn")?).await?,
        Command::Key(command) => command.run(&settings(flags, "warn")?).await?,
        Command::Client(command) => command.run(&settings(flags, "warn")?).await?,
        Command::Permission(command) => command.run()?,
        Command::State(command) => return command.run(&settings(flags, "warn")?).await,
        Command::Import(command) => command.run(&settings(flags, "warn")?).await?,
        Command::Routes(command) => command.run().await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads the configuration and starts logging as it says, or with the filter `log`.
fn settings(flags: &Flags, log: &str) -> Result<Settings> {
    let settings = Settings::new(&Values::load(flags)?)?;
    logging::start(&settings, log, None);
    Ok(settings)
}
