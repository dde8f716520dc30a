//! Fetching the records of the imported collections from the network.

use std::collections::BTreeSet;

use anyhow::Result;
use appview::Lexicons;
use atproto::Nsid;
use backfill::{Cause, Job, NewJob, Scope, Status};

use super::run::Run;
use crate::cli::backfill::Opened;
use crate::config::Settings;

impl Run<'_> {
    /// Starts one job for all of `ids` that are collections whose history is wanted, apart from those that a job is about
    /// already: an import that is repeated fetches nothing twice, and one that was interrupted fetches what it had not.
    pub(super) async fn history(&mut self, settings: &Settings, ids: Vec<String>) -> Result<()> {
        let ids: BTreeSet<String> = ids.into_iter().collect();
        let here = Lexicons::open(&self.target.store).list().await?;
        let wanted = here.into_iter().filter(|lexicon| lexicon.backfill && lexicon.kind == "record");
        let wanted = wanted.filter(|lexicon| ids.contains(&lexicon.id));
        let mut collections: Vec<_> = wanted.filter_map(|lexicon| Nsid::parse(&lexicon.id).ok()).collect();
        let opened = Opened::new(settings, &self.target.store, self.log.clone()).await?;
        let jobs = opened.backfills.jobs().await?;
        collections.retain(|collection| !jobs.iter().any(|job| is_about(job, collection)));
        let names: Vec<_> = collections.iter().map(ToString::to_string).collect();
        if collections.is_empty() || self.report.is_rehearsal() {
            self.report.fetch(names, None);
            return Ok(());
        }
        let job = NewJob {
            collections,
            scope: Scope::Network,
            mode: settings.backfill_mode,
            verified: settings.backfill_verified,
            cause: Cause::Lexicon,
            by: None,
        };
        let job = opened.backfills.start(job).await?;
        self.report.fetch(names, Some(job.id));
        opened.note_if_unattended().await
    }
}

/// Whether a job fetches, or has fetched, all of a collection.
fn is_about(job: &Job, collection: &Nsid) -> bool {
    let counts = !matches!(job.status, Status::Cancelling | Status::Cancelled | Status::Failed);
    counts && job.scope == Scope::Network && job.collections.contains(collection)
}
