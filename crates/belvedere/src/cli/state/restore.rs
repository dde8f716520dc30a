//! `belvedere state restore`

use std::fs::File;
use std::io::{self, Seek};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use indicatif::ProgressBar;
use records::Records;
use scriptdb::Import;
use store::dump::{self, Existing, Summary, WithoutScripts};
use store::{Engine, Store};

use super::progress;
use super::restored::Restored;
use crate::config::Settings;
use crate::databases;
use crate::failure::Failure;
use crate::output::{Output, now_micros, span};
use crate::serve::DataDirLock;

const EXAMPLES: &str = "\
Examples:
  belvedere state restore belvedere.backup --data-dir new
  DATABASE_URL=postgres://belvedere@localhost/belvedere belvedere state restore belvedere.backup
  ssh elsewhere 'cat belvedere.backup' | belvedere state restore - --data-dir new";

/// Take in a backup; the server must not run
///
/// The backup is read to its end first: one that is incomplete or altered changes nothing. Then everything is written in
/// one transaction. It may come from either engine and from an older version. Tables that scripts made are made again by the
/// statement that made them; the other engine may not understand it, and then nothing is changed. The index is not in it: `belvedere state
/// rebuild` fetches that again once the server runs.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Restore {
    /// What `belvedere state backup` wrote; - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Delete everything durable that is in the database and put the backup in its place
    #[arg(long)]
    force: bool,
    /// Leave out the tables that scripts made; those that are in the database stay as they are
    #[arg(long)]
    without_scripts: bool,
    #[command(flatten)]
    output: Output,
}

impl Restore {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let dir = &settings.data_dir;
        std::fs::create_dir_all(dir)
            .with_context(|| format!("cannot make the data folder {}", dir.display()))?;
        let _lock = DataDirLock::take(dir)?;
        let file = self.open(dir)?;
        let scripts = check(&file)?.script_tables() > 0;
        let store = databases::open_or_create(settings).await?;
        refuse_beside_a_server(&store).await?;
        let bar = bar(&file, "Restoring")?;
        let existing = if self.force { Existing::Replace } else { Existing::Keep };
        let (state, schemas, file) = (&store.state, databases::schemas(), bar.wrap_read(file));
        let restored = if self.without_scripts {
            dump::restore(state, &schemas, file, existing, WithoutScripts).await
        } else {
            let import = Import::open(databases::of_scripts(settings), scripts).await?;
            dump::restore(state, &schemas, file, existing, import).await
        };
        bar.finish_and_clear();
        let mut restored = restored?;
        // Should there be an index, it obeyed what was decided before.
        Records::new(&store, crate::databases::projections()).unsettle().await?;
        let left_out = if self.without_scripts { restored.leave_out_scripts() } else { 0 };
        let restored = Restored::new(restored, left_out, &store, settings).await?;
        Ok(self.output.print(&restored)?)
    }

    /// A file that can be read twice.
    fn open(&self, dir: &Path) -> Result<File> {
        if self.file.as_os_str() != "-" {
            return File::open(&self.file).with_context(|| format!("cannot read {}", self.file.display()));
        }
        let mut kept = tempfile::tempfile_in(dir).context("cannot keep what is on standard input")?;
        io::copy(&mut io::stdin().lock(), &mut kept).context("cannot keep what is on standard input")?;
        kept.rewind()?;
        Ok(kept)
    }
}

fn check(file: &File) -> Result<Summary> {
    let bar = bar(file, "Checking")?;
    let whole = dump::check(bar.wrap_read(file));
    bar.finish_and_clear();
    Ok(whole?)
}

fn bar(file: &File, what: &'static str) -> Result<ProgressBar> {
    Ok(progress::bytes(file.metadata()?.len())?.with_prefix(what))
}

/// The lock of the data folder tells of servers on this machine; those elsewhere share a database on PostgreSQL, and one of
/// them holds the lease of the stream.
async fn refuse_beside_a_server(store: &Store) -> Result<()> {
    if store.state.engine() == Engine::Sqlite {
        return Ok(());
    }
    let now = now_micros();
    let sources = Records::new(store, crate::databases::projections()).sources().await?;
    let Some(alive) =
        sources.into_iter().find(|source| source.holder.is_some() && source.lease_expires > now)
    else {
        return Ok(());
    };
    Err(Failure::new(
        format!("the server {} works on this database", alive.holder.unwrap_or_default()),
        format!(
            "stop every server on it; if that has been done, try again in {}",
            span((alive.lease_expires - now) / 1_000_000 + 1)
        ),
    )
    .into())
}
