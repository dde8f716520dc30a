//! `belvedere import atcr`

mod pages;
mod run;

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use serde::Serialize;
use tokio::task::spawn_blocking;

use self::run::Run;
use super::summary::Summary;
use super::target::Target;
use crate::config::Settings;
use crate::failure::Failure;
use crate::output::{Answer, Output};

const EXAMPLES: &str = "\
Examples:
  belvedere import atcr /var/lib/atcr/ui.db --dry-run
                                         show what would be imported, and change nothing
  belvedere import atcr /var/lib/atcr/ui.db
                                         devices go on working, and images keep their counts

The file is what ATCR_UI_DATABASE_PATH names there.";

/// Take over an ATCR registry: devices with their secrets, and how often images were fetched and sent
///
/// Its SQLite file, also while it runs (all is read as it is at one moment, and nothing is written there). Images need no import: they
/// are their owners' records, which this server reads by itself. Importing again is safe: devices that are here stay as they are, and
/// counts grow by what has come since.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Atcr {
    /// Its database
    file: PathBuf,
    /// Show what would be imported, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// What the other registry is called: counts of each are added once. Only where there are several
    #[arg(long = "from", value_name = "NAME", default_value = "atcr")]
    name: String,
    #[command(flatten)]
    output: Output,
}

/// The answer of the command.
#[derive(Serialize)]
struct Report {
    #[serde(flatten)]
    summary: Summary,
}

impl Atcr {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let file = self.file.clone();
        let source = spawn_blocking(move || atcr::Source::open(&file)).await.context("reading the file")?;
        let source = source.map_err(|error| {
            let help = "name the SQLite file of the AppView, which ATCR_UI_DATABASE_PATH says there; to read one in use its folder must be writable";
            Failure::new(error.to_string(), help)
        })?;
        let target =
            if self.dry_run { Target::rehearsal(settings).await? } else { Target::open(settings).await? };
        let summary = Summary::new(source.shown(), self.dry_run);
        let mut run = Run::new(source, target.store.state.clone(), self.name, summary)?;
        run.devices().await?;
        run.stats().await?;
        Ok(self.output.print(&Report { summary: run.finish()? })?)
    }
}

impl Answer for Report {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        self.summary.write_kinds(to)?;
        self.summary.write_left(to)?;
        writeln!(
            to,
            "Devices of people who have a PDS can pull at once. To push, they sign in here once, on the page /device."
        )
    }
}
