//! `belvedere backfill start`

use std::collections::BTreeSet;

use anyhow::Result;
use appview::Lexicons;
use atproto::{Did, Nsid};
use backfill::{Cause, NewJob, Scope};
use clap::Args;
use remote::Mode;

use super::opened::Opened;
use super::view::JobView;
use super::watch;
use crate::cli::user::did;
use crate::failure::Failure;
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  belvedere backfill start                              everything that lexicons ask for, from the whole network
  belvedere backfill start xyz.statusphere.status --watch
  belvedere backfill start --repo alice.example.com --repo did:plc:ewvi7nxzyoun6zhxrhs64oiz
  belvedere backfill start --verified --mode blocks     take in only what its author's signature covers";

/// As many as the admin API takes.
const MAX_REPOS: usize = 500;

/// Start fetching what was written before
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Start {
    /// NSIDs of collections that have a lexicon here [default: all of them]
    #[arg(value_name = "COLLECTION", value_parser = Nsid::parse)]
    collections: Vec<Nsid>,
    /// Fetch from this account only; can be repeated [default: the whole network]
    #[arg(long = "repo", value_name = "DID|HANDLE")]
    repos: Vec<String>,
    /// How repositories are read: auto, pages, export or blocks [default: the setting `backfill_mode`]
    #[arg(long)]
    mode: Option<Mode>,
    /// Take in only what the author's signature covers [default: the setting `backfill_verified`]
    #[arg(long)]
    verified: bool,
    /// Stay and show the job at work
    #[arg(long)]
    watch: bool,
    #[command(flatten)]
    output: Output,
}

impl Start {
    pub(super) async fn run(self, opened: &Opened<'_>) -> Result<()> {
        self.check(opened).await?;
        let job = NewJob {
            scope: self.scope(opened).await?,
            collections: self.collections,
            mode: self.mode.unwrap_or(opened.settings.backfill_mode),
            verified: self.verified || opened.settings.backfill_verified,
            cause: Cause::Manual,
            by: None,
        };
        let job = opened.backfills.start(job).await?;
        if self.watch {
            return watch::until_it_ends(opened, &job.id, self.output).await;
        }
        self.output.print(&JobView::new(&job))?;
        opened.note_if_unattended().await
    }

    /// What no lexicon asks for is not indexed, so there is no history to fetch.
    async fn check(&self, opened: &Opened<'_>) -> Result<()> {
        let lexicons = Lexicons::open(&opened.store).list().await?;
        let indexed: BTreeSet<&str> =
            lexicons.iter().filter(|lexicon| lexicon.kind == "record").map(|lexicon| &*lexicon.id).collect();
        let missing = self.collections.iter().find(|collection| !indexed.contains(collection.as_str()));
        if let Some(collection) = missing {
            return Err(Failure::new(
                format!("there is no record lexicon {collection}, so nothing of it would be kept"),
                format!("add it first: belvedere lexicon add {collection}"),
            )
            .into());
        }
        if indexed.is_empty() {
            return Err(Failure::new(
                "there is no record lexicon, so there is nothing to fetch",
                "add one: belvedere lexicon add xyz.statusphere.status",
            )
            .into());
        }
        if self.repos.len() > MAX_REPOS {
            return Err(Failure::new(
                format!("a job takes {MAX_REPOS} accounts at most"),
                "start several, or one for the whole network",
            )
            .into());
        }
        Ok(())
    }

    async fn scope(&self, opened: &Opened<'_>) -> Result<Scope> {
        if self.repos.is_empty() {
            return Ok(Scope::Network);
        }
        let mut dids: BTreeSet<Did> = BTreeSet::new();
        for name in &self.repos {
            dids.insert(did(name, opened.settings).await?);
        }
        Ok(Scope::Repos(dids.into_iter().collect()))
    }
}
