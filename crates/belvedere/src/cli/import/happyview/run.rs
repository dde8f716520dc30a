//! One import under way.

use accounts::{Existing, Imported};
use anyhow::{Context, Result};
use events::EventLog;
use happyview::{Items, Source};
use indicatif::{ProgressBar, ProgressStyle};

use super::kind::Kind;
pub(super) use super::kind::Taken;
use super::refusal::Refusal;
use super::report::Report;
use super::target::Target;

/// What it takes to take something over.
pub(super) struct Run<'a> {
    pub(super) source: &'a Source,
    pub(super) target: &'a Target,
    pub(super) log: EventLog,
    pub(super) existing: Existing,
    pub(super) report: Report,
    bar: ProgressBar,
}

/// What became of an item that a function was given: an error that is the item's own is a reason to skip it.
pub(super) fn settled<E: Refusal>(
    outcome: Result<Imported, E>,
    help: impl FnOnce() -> String,
) -> Result<Taken> {
    match outcome {
        Ok(imported) => Ok(Taken::Done(imported)),
        Err(error) if error.ends_everything() => Err(error.into()),
        Err(error) => Ok(Taken::skipped(format!("{:#}", anyhow::Error::from(error)), help())),
    }
}

impl<'a> Run<'a> {
    pub(super) async fn new(
        source: &'a Source,
        target: &'a Target,
        log: EventLog,
        existing: Existing,
        is_rehearsal: bool,
    ) -> Result<Self> {
        let mut total = 0;
        for count in [
            source.settings().count().await?,
            source.domains().count().await?,
            source.users().count().await?,
            source.api_keys().count().await?,
            source.api_clients().count().await?,
            source.delegated_accounts().count().await?,
            source.script_variables().count().await?,
            source.scripts().count().await?,
            source.lexicon_scripts().count().await?,
            source.lexicons().count().await?,
            source.labelers().count().await?,
            source.dead_letters().count().await?,
            source.dead_letter_hooks().count().await?,
            source.service_entries().count().await?,
            source.verification_methods().count().await?,
            source.service_identity().count().await?,
            source.local_records().count().await?,
        ] {
            total += count;
        }
        let style = ProgressStyle::with_template("Importing {wide_bar} {human_pos}/{human_len}, {msg}")?;
        Ok(Self {
            source,
            target,
            log,
            existing,
            report: Report::new(source.shown(), is_rehearsal),
            // Drawn on standard error, and only if that is a terminal.
            bar: ProgressBar::new(total).with_style(style),
        })
    }

    /// Takes over all of `items`, one after the other, into the section `kind` of the report.
    pub(super) async fn each<T>(
        &mut self,
        kind: &mut Kind,
        mut items: Items<'_, T>,
        name: impl Fn(&T) -> String,
        mut take: impl AsyncFnMut(T, &mut Kind) -> Result<Taken>,
    ) -> Result<()> {
        while let Some(page) = self.next_page(kind, &mut items).await? {
            for item in page {
                let name = name(&item);
                let taken = take(item, kind).await;
                self.took(kind, &name, taken)?;
            }
        }
        Ok(())
    }

    /// The next of `items` that can be read; nothing after the last. Each of them is to be told of as [taken](Self::took).
    pub(super) async fn next_page<T>(
        &self,
        kind: &mut Kind,
        items: &mut Items<'_, T>,
    ) -> Result<Option<Vec<T>>> {
        self.bar.set_message(kind.name());
        let Some(page) = items.next_page().await? else { return Ok(None) };
        let all = page.len();
        let mut readable = Vec::with_capacity(all);
        for item in page {
            match item {
                Ok(item) => readable.push(item),
                Err(unreadable) => kind.skip(&unreadable.name, unreadable.problem, String::new()),
            }
        }
        self.bar.inc((all - readable.len()) as u64);
        Ok(Some(readable))
    }

    /// Notes what became of the item with this name; an error that is not its own ends the import.
    pub(super) fn took(&self, kind: &mut Kind, name: &str, taken: Result<Taken>) -> Result<()> {
        let again = || format!("importing {name}; run this again to go on from there");
        kind.note_taken(name, taken.with_context(again)?);
        self.bar.inc(1);
        Ok(())
    }

    pub(super) fn finish(self) -> Report {
        self.bar.finish_and_clear();
        self.report
    }
}
