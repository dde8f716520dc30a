//! `belvedere import happy`

mod files;
mod pictures;
mod report;
mod run;

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use happy::Source;
use sync::import::{Importer, OldSecrets};

use self::run::Run;
use super::target::Target;
use crate::config::Settings;
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  belvedere import happy postgres://happy@localhost/happy --dry-run
                                         show what would be imported, and change nothing
  HANDY_MASTER_SECRET=… belvedere import happy postgres://happy@localhost/happy
                                         keep everybody signed in, and the tokens of vendors, too
  HANDY_MASTER_SECRET=… belvedere import happy happy.ndjson --files data/files
                                         a server that carries its database inside itself, dumped; with attachments

docs/sync.md says how to make that dump, in one line.";

/// Take over a Happy server: accounts, sessions with their messages, machines, artifacts, values
///
/// Its PostgreSQL, also while the server runs (all is read as it is at one moment, and nothing is written there), or a dump.
/// Importing again is safe and brings what has changed since: of what is on both sides, what was written later counts.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Happy {
    /// Its database: `postgres://…`, or the path of a dump
    source: String,
    /// Show what would be imported, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// The folder of its files (`files` in its data folder), for attachments and pictures
    #[arg(long, value_name = "FOLDER")]
    files: Option<PathBuf>,
    /// The master secret of the old server, for its tokens and what it sealed
    ///
    /// Better put it into the variable: every user of this machine can read command lines. Nothing of it is kept: what it
    /// sealed is sealed anew under the master secret of this server.
    #[arg(long, value_name = "SECRET", env = "HANDY_MASTER_SECRET", hide_env_values = true)]
    handy_master_secret: Option<String>,
    #[command(flatten)]
    output: Output,
}

impl Happy {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let source = Source::open(&self.source).await?;
        let target =
            if self.dry_run { Target::rehearsal(settings).await? } else { Target::open(settings).await? };
        let old = match self.handy_master_secret.filter(|secret| !secret.is_empty()) {
            Some(secret) => Some(OldSecrets::derive(secret).await?),
            None => None,
        };
        let has_secret = old.is_some();
        let importer = Importer::new(target.store.state.clone(), target.vault.clone(), old);
        let mut run = Run::new(&source, importer, self.dry_run).await?;
        run.tokens(has_secret).await?;
        run.rows().await?;
        if let Some(folder) = &self.files {
            run.files(folder).await?;
            run.pictures(folder).await?;
        }
        run.left_behind().await?;
        Ok(self.output.print(&run.finish())?)
    }
}
