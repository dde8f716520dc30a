//! What the commands about background jobs work with.

use anyhow::Result;
use events::EventLog;
use jobs::Jobs;
use records::Records;
use store::Store;

use crate::cli::backfill::attended;
use crate::config::Settings;

/// The databases and the jobs in them.
pub(super) struct Opened<'a> {
    settings: &'a Settings,
    store: &'a Store,
    pub(super) jobs: Jobs,
}

impl<'a> Opened<'a> {
    pub(super) fn new(settings: &'a Settings, store: &'a Store, log: EventLog) -> Self {
        Self { settings, store, jobs: Jobs::open(store, log) }
    }

    /// Says beside the answer if there is nobody who would carry out a job.
    pub(super) async fn note_if_unattended(&self) -> Result<()> {
        if !attended::is_attended(self.settings, &Records::new(self.store, crate::databases::projections()))
            .await?
        {
            eprintln!("{}", attended::NOBODY);
        }
        Ok(())
    }
}
