//! `belvedere import happyview`

mod apps;
mod dead_letters;
mod domains;
mod history;
mod labelers;
mod left;
mod lexicons;
mod local;
mod people;
mod refusal;
mod report;
mod run;
mod scripts;
mod service;
mod settings;
mod times;

use accounts::Existing;
use anyhow::Result;
use clap::Args;
use events::EventLog;
use happyview::{BadKey, EncryptionKey, Source};

use self::run::Run;
use super::kind;
use super::target::{self, Target};
use crate::cli::recorded::recorded;
use crate::config::Settings;
use crate::failure::Failure;
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  belvedere import happyview /srv/happyview/happyview.db --dry-run
                                         show what would be imported, and change nothing
  TOKEN_ENCRYPTION_KEY=… belvedere import happyview postgres://happyview@localhost/happyview
                                         open its secrets, too
  belvedere import happyview sqlite:///srv/happyview/happyview.db --json
                                         for programs: every item that was skipped, and why

docs/import.md takes you from the old server to this one step by step, and back.";

/// Take over a HappyView server: lexicons, scripts, users, keys, clients, settings
///
/// HappyView 2.0 and later, on SQLite or PostgreSQL, also while it runs: all is read as it is at one moment, and nothing is
/// written there. Importing again is safe: what is here already stays. Records come again from the network.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Happyview {
    /// Its database: `sqlite://PATH`, the path of the file, or `postgres://…`
    source: String,
    /// Show what would be imported, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Replace what is here already by what is imported; what was revoked here stays revoked
    #[arg(long)]
    replace: bool,
    /// Do not fetch the records of the imported collections
    #[arg(long)]
    no_backfill: bool,
    /// What its secrets are encrypted under, 32 bytes in base64 [default: the setting `token_encryption_key`]
    ///
    /// Better put it into the variable `TOKEN_ENCRYPTION_KEY`: every user of this machine can read command lines. It opens
    /// secrets; what is imported is sealed anew under the master secret of this server.
    #[arg(long = "token-encryption-key", value_name = "KEY")]
    old_key: Option<String>,
    #[command(flatten)]
    output: Output,
}

impl Happyview {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let source = Source::open(&self.source, self.key(settings)?).await?;
        let target =
            if self.dry_run { Target::rehearsal(settings).await? } else { Target::open(settings).await? };
        let report =
            recorded(&target.store.state, async |log| self.import(&source, &target, settings, log).await);
        Ok(self.output.print(&report.await?)?)
    }

    async fn import(
        &self,
        source: &Source,
        target: &Target,
        settings: &Settings,
        log: EventLog,
    ) -> Result<report::Report> {
        let existing = if self.replace { Existing::Replace } else { Existing::Keep };
        let mut run = Run::new(source, target, log, existing, self.dry_run).await?;
        // What others refer to comes first. Scripts come before lexicons: a server that runs beside this must not index a
        // record without asking the script about it.
        run.settings().await?;
        run.domains().await?;
        run.users().await?;
        run.api_keys().await?;
        run.api_clients().await?;
        run.delegated_accounts().await?;
        run.script_variables().await?;
        run.scripts().await?;
        let collections = run.lexicons().await?;
        run.labelers().await?;
        run.dead_letters().await?;
        run.service().await?;
        run.local_records().await?;
        run.left_behind().await?;
        if !self.no_backfill {
            run.history(settings, collections).await?;
        }
        Ok(run.finish())
    }

    fn key(&self, settings: &Settings) -> Result<Option<EncryptionKey>> {
        let configured = settings.token_encryption_key.as_ref().map(crate::config::Secret::expose);
        let Some(text) = self.old_key.as_deref().or(configured) else { return Ok(None) };
        let key = EncryptionKey::parse(text).map_err(|error: BadKey| {
            Failure::new(error.to_string(), "it is TOKEN_ENCRYPTION_KEY in the environment of the old server")
        })?;
        Ok(Some(key))
    }
}
