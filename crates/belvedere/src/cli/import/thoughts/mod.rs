//! `belvedere import thoughts`

mod pictures;
mod run;

use std::io::{self, Write};

use anyhow::{Context, Result};
use clap::Args;
use postgres_source::Source;
use serde::Serialize;
use social::Addresses;
use social::import::Importer;
use social::media::MediaStore;

use self::pictures::Pictures;
use self::run::Run;
use super::summary::Summary;
use super::target::Target;
use crate::config::Settings;
use crate::failure::Failure;
use crate::output::{Answer, Output};

const EXAMPLES: &str = "\
Examples:
  belvedere import thoughts postgres://thoughts@localhost/thoughts --dry-run
                                         show what would be imported, and change nothing
  belvedere import thoughts postgres://thoughts@localhost/thoughts
                                         people, thoughts, follows, likes; passwords and API keys go on working

  belvedere import thoughts postgres://thoughts@localhost/thoughts --media /srv/thoughts/media
                                         with the pictures of people

Serve under the same public URL afterwards: addresses of people and thoughts stay what they are, so the fediverse notices nothing.
docs/social-schema.md has both schemas side by side.";

/// Take over a Thoughts server: people, thoughts, follows in all directions, likes, boosts, blocks, API keys
///
/// Its PostgreSQL, also while the server runs (all is read as it is at one moment, and nothing is written there). Importing again is
/// safe and brings what was added since; what is here already stays as it is.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Thoughts {
    /// Its database: `postgres://…`
    source: String,
    /// Show what would be imported, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Where its pictures are: a folder with `users` in it, or `s3://KEY:SECRET@HOST/BUCKET`
    #[arg(long, value_name = "FOLDER|URL")]
    media: Option<String>,
    #[command(flatten)]
    output: Output,
}

/// The answer of the command.
#[derive(Serialize)]
struct Report {
    #[serde(flatten)]
    summary: Summary,
}

impl Thoughts {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let help = "name its PostgreSQL as DATABASE_URL does there: postgres://USER:PASSWORD@HOST/NAME";
        let source =
            Source::open(&self.source).await.map_err(|error| Failure::new(error.to_string(), help))?;
        if !source.has("users").await? || !source.has("thoughts").await? {
            let message =
                format!("{} is no Thoughts database: it has no users or no thoughts", source.shown());
            return Err(Failure::new(message, help).into());
        }
        let pictures = self.media.as_deref().map(Pictures::at).transpose()?;
        let target =
            if self.dry_run { Target::rehearsal(settings).await? } else { Target::open(settings).await? };
        let here = crate::serve::public_url_of_a_command(settings, &target.store.state).await?;
        let importer = Importer::new(target.store.state.clone(), target.vault.clone(), Addresses::new(&here));
        let summary = Summary::new(source.shown(), self.dry_run);
        let mut run = Run::new(&source, importer, summary).await?;
        run.rows().await?;
        if let Some(pictures) = &pictures {
            let scratch = tempfile::tempdir().context("cannot make a folder to rehearse in")?;
            let media = if self.dry_run {
                MediaStore::Folder(scratch.path().to_owned())
            } else {
                crate::serve::media(settings)?
            };
            run.pictures(pictures, &media).await?;
        }
        run.left_behind().await?;
        Ok(self.output.print(&Report { summary: run.finish() })?)
    }
}

impl Answer for Report {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        self.summary.write_kinds(to)?;
        self.summary.write_left(to)?;
        writeln!(to, "People sign in with the passwords that they have, and sign in again in their clients.")
    }
}
