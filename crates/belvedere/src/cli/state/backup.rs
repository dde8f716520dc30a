//! `belvedere state backup`

use std::collections::BTreeMap;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use scriptdb::Export;
use serde::Serialize;
use store::dump::{self, Summary};
use store::{Database, dump::Progress};

use super::part::Part;
use super::{master_secret, progress};
use crate::config::Settings;
use crate::databases;
use crate::failure::Failure;
use crate::output::{Answer, Output, now_micros, size};

const EXAMPLES: &str = "\
Examples:
  belvedere state backup belvedere.backup
  belvedere state backup - | ssh elsewhere 'cat > belvedere.backup'

Keep master.key, too: it is not in the backup, and without it the secrets in the backup cannot be opened.";

/// Write everything that can be had from nowhere else into one file, while the server runs
///
/// The file holds the tables of the tier `state` as they are at one moment and those that scripts made, and can be restored
/// on SQLite and on PostgreSQL, whichever it was made on.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Backup {
    /// Where to write; - is standard output. A file of that name is replaced when the new one is complete
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Written {
    file: String,
    bytes: u64,
    engine: String,
    program: String,
    rows: u64,
    tables: BTreeMap<String, u64>,
    /// What else a restored server needs.
    master_secret: String,
}

impl Backup {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let store = databases::open_existing(settings).await?;
        if self.file.as_os_str() == "-" {
            return self.to_stdout(&store.state, settings).await;
        }
        let shown = self.file.display();
        let part = Part::create(&self.file).with_context(|| format!("cannot write {shown}"))?;
        let (summary, _) = write(&store.state, settings, BufWriter::new(part.writer()?)).await?;
        let bytes = part.keep().with_context(|| format!("cannot write {shown}"))?;
        Ok(self.output.print(&Written::new(shown.to_string(), bytes, summary, settings))?)
    }

    /// The answer cannot go where the backup goes.
    async fn to_stdout(&self, state: &Database, settings: &Settings) -> Result<()> {
        if io::stdout().is_terminal() {
            return Err(Failure::new(
                "a backup is no text for a terminal",
                "name a file, or send standard output elsewhere",
            )
            .into());
        }
        let (summary, _) = write(state, settings, BufWriter::new(io::stdout())).await?;
        let written = Written::new("standard output".to_owned(), 0, summary, settings);
        Ok(written.write_text(&mut io::stderr().lock())?)
    }
}

async fn write<W: Write + Send + 'static>(
    state: &Database,
    settings: &Settings,
    to: W,
) -> Result<(Summary, W)> {
    let bar = progress::rows()?.with_prefix("Backing up");
    let drawn = bar.clone();
    let draw = move |progress: Progress| {
        drawn.set_length(progress.total);
        drawn.set_position(progress.rows);
    };
    let scripts = Export::new(databases::of_scripts(settings));
    let written = dump::write(state, env!("CARGO_PKG_VERSION"), now_micros(), to, scripts, draw).await;
    bar.finish_and_clear();
    Ok(written?)
}

impl Written {
    fn new(file: String, bytes: u64, summary: Summary, settings: &Settings) -> Self {
        Self {
            file,
            bytes,
            rows: summary.rows(),
            engine: summary.header.engine,
            program: summary.header.program,
            tables: summary.tables,
            master_secret: master_secret::place(settings),
        }
    }
}

impl Answer for Written {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let size = if self.bytes > 0 { format!(" ({})", size(self.bytes)) } else { String::new() };
        writeln!(to, "Backed up {} rows of {} tables to {}{size}.", self.rows, self.tables.len(), self.file)?;
        writeln!(
            to,
            "Keep the master secret, too: {}. It is not in the backup, and without it the secrets in there cannot be opened.",
            self.master_secret
        )
    }
}
