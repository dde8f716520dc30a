//! `belvedere lexicon add`

use std::collections::BTreeSet;

use anyhow::Result;
use appview::{LexiconResolver, Lexicons, NewLexicon, PutOutcome, References, Validation};
use atproto::Nsid;
use atproto::lexicon::{Lexicon, LexiconType};
use clap::Args;
use futures::StreamExt;
use futures::stream;
use indicatif::ProgressBar;

use super::history::History;
use super::report::Report;
use super::source::Source;
use crate::config::Settings;
use crate::failure::Failure;
use crate::network;
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  belvedere lexicon add xyz.statusphere.status                fetch it from its publisher and follow them
  belvedere lexicon add lexicons/                             every .json file in a folder
  belvedere lexicon add list.json --target-collection xyz.statusphere.status
  generate-lexicon | belvedere lexicon add -";

/// Lexicons fetched from the network at the same time.
const AT_ONCE: usize = 8;

/// From so many on there is a progress bar.
const MANY: u64 = 4;

/// Add lexicons, or replace those with the same NSID
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Add {
    /// JSON files, folders of them, - for standard input, or NSIDs to fetch from the network
    #[arg(required = true, value_name = "FILE|NSID")]
    sources: Vec<String>,
    /// The collection that a query reads or a procedure writes
    #[arg(long, value_name = "NSID")]
    target_collection: Option<String>,
    /// What a procedure does with the records of its collection [default: the call decides]
    #[arg(long, value_parser = ["create", "update", "delete"])]
    action: Option<String>,
    /// Rate-limit tokens that a call costs [default: that of its type]
    #[arg(long, value_name = "N")]
    token_cost: Option<u32>,
    /// What of a record collection to ask its authors' hosts for when it is not here [default: the server's setting]
    #[arg(long, value_name = "POLICY", value_parser = ["off", "get", "get+list"])]
    read_through: Option<String>,
    /// What becomes of records, and of inputs of procedures, that are not what the lexicon says [default: off]
    #[arg(long, value_name = "MODE", value_parser = ["off", "flag", "reject"])]
    validation: Option<String>,
    /// Fetch the lexicons that those from the network refer to, too
    #[arg(long)]
    with_references: bool,
    /// Do not ask for the records from before now
    #[arg(long)]
    no_backfill: bool,
    #[command(flatten)]
    output: Output,
}

impl Add {
    /// Adds what can be added and sees to its history; fails in the end if anything could not.
    pub(super) async fn run(self, lexicons: &Lexicons, history: &History<'_>) -> Result<()> {
        let sources =
            self.sources.iter().map(|argument| Source::of(argument)).collect::<Result<Vec<_>>>()?.concat();
        self.check(&sources)?;
        let progress = progress_bar(sources.len() as u64);
        let (is_one, mut report) = (sources.len() == 1, Report::default());
        let mut published = Vec::new();
        for source in sources {
            match source {
                Source::Network(nsid) => published.push(nsid),
                source => {
                    report.note(&source, self.put(&source, is_one, lexicons).await);
                    progress.inc(1);
                }
            }
        }
        if !published.is_empty() {
            self.put_published(published, lexicons, history.settings, &progress, &mut report).await?;
        }
        progress.finish_and_clear();
        let fetched = match report.history_wanted() {
            [] => Ok(()),
            wanted => history.fetch(wanted.to_vec()).await.map(|job| report.note_history(&job)),
        };
        self.output.print(&report)?;
        fetched.and_then(|()| report.result())
    }

    async fn put(&self, source: &Source, is_one: bool, lexicons: &Lexicons) -> Result<PutOutcome> {
        let json = source.read()?;
        // Of several, those that are about nothing that is checked stay as they are.
        let is_meant = is_one || Lexicon::parse(&json).is_ok_and(|lexicon| is_checked(lexicon.kind()));
        let new = NewLexicon {
            validation: self.validation.clone().filter(|_| is_meant),
            backfill: !self.no_backfill,
            target_collection: self.target_collection.clone(),
            action: self.action.clone(),
            token_cost: self.token_cost,
            read_through: self.read_through.clone(),
            ..NewLexicon::new(json)
        };
        Ok(lexicons.put(new).await?)
    }

    async fn put_published(
        &self,
        nsids: Vec<Nsid>,
        lexicons: &Lexicons,
        settings: &Settings,
        progress: &ProgressBar,
        report: &mut Report,
    ) -> Result<()> {
        let network = &network::lexicon_resolver(settings)?;
        let outcomes = stream::iter(nsids).map(async |nsid| {
            let outcome = self.fetch(&nsid, network, lexicons).await;
            progress.inc(1);
            (Source::Network(nsid), outcome)
        });
        for (source, outcome) in outcomes.buffered(AT_ONCE).collect::<Vec<_>>().await {
            let outcome = outcome.map(|(put, references)| {
                report.note_references(references);
                put
            });
            report.note(&source, outcome);
        }
        Ok(())
    }

    /// Adds a published lexicon, after the definitions that it refers to if they are wanted.
    async fn fetch(
        &self,
        nsid: &Nsid,
        network: &LexiconResolver,
        lexicons: &Lexicons,
    ) -> Result<(PutOutcome, References)> {
        let validation: Option<Validation> = self.validation.as_deref().map(str::parse).transpose()?;
        let published = network.resolve(nsid).await?;
        let mut references = References::default();
        if self.with_references {
            let here: BTreeSet<String> =
                lexicons.list().await?.into_iter().map(|lexicon| lexicon.id).collect();
            references = network.references(&published, |nsid| here.contains(nsid)).await?;
            for found in &references.found {
                lexicons.put_network(found.clone(), None, None).await?;
            }
        }
        let put = lexicons.put_network(published, self.target_collection.as_deref(), validation).await?;
        Ok((put, references))
    }

    /// Refuses attributes that would apply to lexicons they cannot be meant for.
    fn check(&self, sources: &[Source]) -> Result<()> {
        if sources.is_empty() {
            return Err(Failure::new("there is no .json file", "name another folder, or the files").into());
        }
        let for_one = self.target_collection.is_some() || self.action.is_some() || self.token_cost.is_some();
        if for_one && sources.len() > 1 {
            return Err(Failure::new(
                "--target-collection, --action and --token-cost are about one lexicon, but there are several",
                "add that lexicon on its own",
            )
            .into());
        }
        let for_files = self.action.is_some()
            || self.token_cost.is_some()
            || self.read_through.is_some()
            || self.no_backfill;
        if for_files && sources.iter().any(|source| matches!(source, Source::Network(_))) {
            return Err(Failure::new(
                "--action, --token-cost, --read-through and --no-backfill do not apply to lexicons fetched from the network",
                "leave them out, or save the lexicon to a file and add that",
            )
            .into());
        }
        Ok(())
    }
}

/// Whether anything is compared with a lexicon of this type besides parameters.
fn is_checked(kind: LexiconType) -> bool {
    matches!(kind, LexiconType::Record | LexiconType::Procedure)
}

/// Drawn on standard error, and only if that is a terminal.
fn progress_bar(length: u64) -> ProgressBar {
    if length < MANY { ProgressBar::hidden() } else { ProgressBar::new(length) }
}
