//! `belvedere registry migrate`

use std::io::{self, Write};

use anyhow::{Context, Result};
use atproto::Did;
use cache::{Cache, MemoryConfig};
use clap::Args;
use events::{Event, EventLog, kinds};
use indicatif::{ProgressBar, ProgressStyle};
use registry::auth::PdsPasswords;
use registry::migrate::Migration;
use serde::Serialize;
use serde_json::json;
use url::Url;

use super::account::named;
use super::opened::Opened;
use crate::cli::import::password_in;
use crate::cli::user;
use crate::config::Settings;
use crate::failure::Failure;
use crate::network;
use crate::output::{Answer, Output};

const EXAMPLES: &str = "\
Examples:
  belvedere registry migrate alice.example.com --to-pds https://pds.example.com \\
      --account alice.bsky.social --app-password-file secret
                                         copy everything, and look whether it is all there; may be repeated
  belvedere registry migrate … --finish  then make the new account the owner

Digests stay what they are. Names do not: images are called after the account at the PDS from then on, alice.bsky.social/app. If its
handle is the one that the account has here, names stay, too, as soon as the handle leads to the PDS for everybody.";

/// Move an account that is at home here to an account of the same person at a PDS
///
/// All records are written there with the bytes of their manifests, layers stay in the hold. What is there already is passed over, so a
/// move that broke off is gone on with by running it again. Nothing here changes until --finish: then everything is the new account's,
/// and the old one is shown no more and has neither a handle nor devices. Nobody should push meanwhile.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Migrate {
    /// Handle or DID of the account here
    from: String,
    /// The PDS
    #[arg(long, value_name = "URL")]
    to_pds: Url,
    /// Handle or DID of the account there
    #[arg(long, value_name = "ACCOUNT")]
    account: String,
    /// A file with an app password of that account; `-` is standard input
    #[arg(long, value_name = "FILE")]
    app_password_file: String,
    /// Make the account there the owner of all that is here, if everything is there
    #[arg(long)]
    finish: bool,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Moved {
    from: String,
    to: String,
    records: u64,
    already_there: u64,
    blobs: u64,
    unreadable: u64,
    missing: u64,
    finished: bool,
}

impl Migrate {
    pub(super) async fn run(self, opened: &Opened<'_>, log: &EventLog) -> Result<()> {
        let migration = self.migration(opened).await?;
        // Drawn on standard error, and only if that is a terminal.
        let style = ProgressStyle::with_template("Moving {spinner} {human_pos} records {elapsed}")?;
        let bar = ProgressBar::no_length().with_style(style);
        let copied = migration.copy(|| bar.inc(1)).await;
        bar.finish_and_clear();
        let copied = copied.context("the move broke off; run it again to go on from there")?;
        let missing = migration.missing().await?;
        if self.finish {
            migration.finish(&opened.hold().await?, &opened.store.state).await?;
            let moved = Event::new(kinds::REGISTRY_ACCOUNT_DELETED).subject(migration.from.as_str());
            log.record(moved.detail(json!({ "moved_to": migration.to.as_str() })));
        }
        let moved = Moved {
            from: migration.from.to_string(),
            to: migration.to.to_string(),
            records: copied.records,
            already_there: copied.there,
            blobs: copied.blobs,
            unreadable: copied.unreadable,
            missing,
            finished: self.finish,
        };
        Ok(self.output.print(&moved)?)
    }

    async fn migration(&self, opened: &Opened<'_>) -> Result<Migration> {
        let settings = opened.settings;
        let from = named::find(&self.from, &opened.accounts).await?.did;
        let to = user::did(&self.account, settings).await?;
        if from == to {
            let help = "name another account with --account; a DID that is to be at home elsewhere has to be moved there by its PDS first, which this command does not do";
            return Err(
                Failure::new(format!("{from} is at home here: it cannot move to itself"), help).into()
            );
        }
        let outbound = network::outbound_in_background(settings).await?;
        let pds = at_home(&to, &self.to_pds, settings, outbound.clone()).await?;
        let passwords = PdsPasswords::new(
            Cache::memory(MemoryConfig::default()),
            outbound.clone(),
            opened.vault().clone(),
        );
        let password = password_in(&self.app_password_file)?;
        passwords.log_in(&to, &pds, &password, "migration").await.context("signing in at the PDS")?;
        let session = passwords.session(&to).await?.context("the session with the PDS is gone already")?;
        Ok(Migration { repos: opened.repos.clone(), from, to, pds, session, outbound })
    }
}

/// The PDS, if it is the one where the account is: others would look for its records there.
async fn at_home(did: &Did, named: &Url, settings: &Settings, outbound: outbound::Outbound) -> Result<Url> {
    let found =
        network::resolver(settings, outbound).resolve_did(did).await.context("finding the account")?;
    match &found.pds {
        Some(pds) if pds.origin() == named.origin() => Ok(pds.clone()),
        elsewhere => {
            let where_ = elsewhere.as_ref().map_or("nowhere".to_owned(), ToString::to_string);
            let help = "name the PDS where the account is with --to-pds";
            Err(Failure::new(format!("{did} is not at home at {named}, but at {where_}"), help).into())
        }
    }
}

impl Answer for Moved {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let Self { records, already_there, blobs, .. } = self;
        writeln!(to, "{} → {}", self.from, self.to)?;
        writeln!(to, "{records} records written with {blobs} blobs, {already_there} were there")?;
        if self.unreadable > 0 {
            writeln!(to, "{} records here cannot be read and stay", self.unreadable)?;
        }
        match (self.finished, self.missing) {
            (true, _) => writeln!(to, "{} is the owner now", self.to),
            (false, 0) => writeln!(to, "all of it is there; --finish makes {} the owner", self.to),
            (false, missing) => writeln!(to, "{missing} records are not there yet; run this again"),
        }
    }
}
