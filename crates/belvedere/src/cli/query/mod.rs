//! `belvedere query`

mod explain;
mod indexes;
mod list;

use anyhow::Result;
use clap::{Args, Subcommand};

use super::with_appview::with_appview;
use crate::config::Settings;

const EXAMPLES: &str = "\
Examples:
  belvedere query list                             what the parameters of queries mean
  belvedere query indexes                          which indexes there are, and how far each is
  belvedere query explain com.example.listItems --param state=open --param sort=-createdAt
                                                   which index serves such a call";

/// See which index serves which query; a running server builds and keeps them
///
/// A parameter of a query lexicon that is called like a field of the records is a condition on it.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Query {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::List),
    Indexes(indexes::Indexes),
    Explain(explain::Explain),
}

impl Query {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        with_appview(settings, async |appview| {
            let insight = appview.insight();
            match self.command {
                Command::List(command) => command.run(&insight).await,
                Command::Indexes(command) => command.run(&insight).await,
                Command::Explain(command) => command.run(&insight).await,
            }
        })
        .await
    }
}
