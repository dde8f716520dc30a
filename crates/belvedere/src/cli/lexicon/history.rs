//! Fetching what was written in a collection before its lexicon was added.

use anyhow::Result;
use atproto::Nsid;
use backfill::{Cause, NewJob, Scope};
use events::EventLog;
use store::Store;

use crate::backfills;
use crate::config::Settings;

/// What it takes to start a job.
pub(super) struct History<'a> {
    pub(super) settings: &'a Settings,
    pub(super) store: &'a Store,
    pub(super) log: EventLog,
}

impl History<'_> {
    /// Starts one job for all of the collections, so that a repository with several of them is visited once; its id.
    pub(super) async fn fetch(&self, collections: Vec<Nsid>) -> Result<String> {
        let job = NewJob {
            collections,
            scope: Scope::Network,
            mode: self.settings.backfill_mode,
            verified: self.settings.backfill_verified,
            cause: Cause::Lexicon,
            by: None,
        };
        let backfills = backfills::of_a_command(self.settings, self.store, self.log.clone()).await?;
        Ok(backfills.start(job).await?.id.clone())
    }
}
