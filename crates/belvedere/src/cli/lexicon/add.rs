//! `belvedere lexicon add`

use std::io::{self, Write};

use anyhow::{Result, anyhow};
use appview::{LexiconResolver, Lexicons, NewLexicon, PutOutcome};
use clap::Args;
use futures::StreamExt;
use futures::stream;
use indicatif::ProgressBar;
use serde::Serialize;

use super::source::Source;
use crate::config::Settings;
use crate::failure::Failure;
use crate::network;
use crate::output::{Answer, Output, Table};

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
    /// Do not ask for the records from before now
    #[arg(long)]
    no_backfill: bool,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Report {
    added: Vec<Added>,
    failed: Vec<Failed>,
}

#[derive(Serialize)]
struct Added {
    id: String,
    #[serde(rename = "lexicon_type")]
    kind: &'static str,
    revision: i64,
    source: String,
    /// Whether older records were asked for that this version does not fetch yet.
    history_pending: bool,
    warnings: Vec<String>,
}

#[derive(Serialize)]
struct Failed {
    source: String,
    error: String,
}

impl Add {
    /// Adds what can be added; fails in the end if anything could not.
    pub(super) async fn run(self, lexicons: &Lexicons, settings: &Settings) -> Result<()> {
        let sources =
            self.sources.iter().map(|argument| Source::of(argument)).collect::<Result<Vec<_>>>()?.concat();
        self.check(&sources)?;
        let network = if sources.iter().any(|source| matches!(source, Source::Network(_))) {
            Some(network::lexicon_resolver(settings)?)
        } else {
            None
        };
        let progress = progress_bar(sources.len() as u64);
        let outcomes = stream::iter(&sources).map(async |source| {
            let outcome = self.add(source, lexicons, network.as_ref()).await;
            progress.inc(1);
            (source, outcome)
        });
        let outcomes: Vec<_> = outcomes.buffered(AT_ONCE).collect().await;
        progress.finish_and_clear();
        let mut report = Report { added: Vec::new(), failed: Vec::new() };
        for (source, outcome) in outcomes {
            match outcome {
                Ok(put) => report.added.push(Added::new(source, put)),
                Err(error) => {
                    report.failed.push(Failed { source: source.to_string(), error: format!("{error:#}") });
                }
            }
        }
        self.output.print(&report)?;
        report.result()
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
        let for_files = self.action.is_some() || self.token_cost.is_some() || self.no_backfill;
        if for_files && sources.iter().any(|source| matches!(source, Source::Network(_))) {
            return Err(Failure::new(
                "--action, --token-cost and --no-backfill do not apply to lexicons fetched from the network",
                "leave them out, or save the lexicon to a file and add that",
            )
            .into());
        }
        Ok(())
    }

    async fn add(
        &self,
        source: &Source,
        lexicons: &Lexicons,
        network: Option<&LexiconResolver>,
    ) -> Result<PutOutcome> {
        match (source, network) {
            (Source::Network(nsid), Some(network)) => {
                let published = network.resolve(nsid).await?;
                Ok(lexicons.put_network(published, self.target_collection.as_deref()).await?)
            }
            (Source::Network(nsid), None) => Err(anyhow!("{nsid}: the network was not prepared")),
            (source, _) => {
                let new = NewLexicon {
                    backfill: !self.no_backfill,
                    target_collection: self.target_collection.clone(),
                    action: self.action.clone(),
                    token_cost: self.token_cost,
                    ..NewLexicon::new(source.read()?)
                };
                Ok(lexicons.put(new).await?)
            }
        }
    }
}

/// Drawn on standard error, and only if that is a terminal.
fn progress_bar(length: u64) -> ProgressBar {
    if length < MANY { ProgressBar::hidden() } else { ProgressBar::new(length) }
}

impl Added {
    fn new(source: &Source, put: PutOutcome) -> Self {
        Self {
            id: put.id.to_string(),
            kind: put.kind.as_str(),
            revision: put.revision,
            source: source.to_string(),
            history_pending: put.history_pending,
            warnings: put.warnings,
        }
    }
}

impl Report {
    fn result(self) -> Result<()> {
        match self.failed.into_iter().next() {
            None => Ok(()),
            Some(first) => Err(Failure::new(
                format!("{}: {}", first.source, first.error),
                "correct it and add it again; what is listed above was added",
            )
            .into()),
        }
    }
}

impl Answer for Report {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        if !self.added.is_empty() {
            let mut table = Table::new(["ID", "TYPE", "REVISION", "FROM"]);
            for added in &self.added {
                let (kind, revision) = (added.kind.to_owned(), added.revision.to_string());
                table.row([added.id.clone(), kind, revision, added.source.clone()]);
            }
            write!(to, "{table}")?;
        }
        for added in &self.added {
            for warning in &added.warnings {
                writeln!(to, "warning: {}: {warning}", added.id)?;
            }
        }
        if self.added.iter().any(|added| added.history_pending) {
            writeln!(
                to,
                "note: records are indexed from now on; fetching older ones comes with a later version"
            )?;
        }
        self.failed
            .iter()
            .skip(1)
            .try_for_each(|failed| writeln!(to, "failed: {}: {}", failed.source, failed.error))
    }
}
