//! What the commands about jobs work with.

use anyhow::Result;
use backfill::Backfills;
use events::EventLog;
use records::Records;
use store::Store;

use super::attended;
use crate::backfills;
use crate::config::Settings;

/// The databases and the jobs in them.
pub(in crate::cli) struct Opened<'a> {
    pub(super) settings: &'a Settings,
    pub(super) store: Store,
    pub(in crate::cli) backfills: Backfills,
}

impl<'a> Opened<'a> {
    pub(in crate::cli) async fn new(settings: &'a Settings, store: &Store, log: EventLog) -> Result<Self> {
        let backfills = backfills::of_a_command(settings, store, log).await?;
        Ok(Self { settings, store: store.clone(), backfills })
    }

    /// Says beside the answer if there is nobody who would carry out a job.
    pub(in crate::cli) async fn note_if_unattended(&self) -> Result<()> {
        if !attended::is_attended(self.settings, &Records::new(&self.store, crate::databases::projections()))
            .await?
        {
            eprintln!("{}", attended::NOBODY);
        }
        Ok(())
    }
}
