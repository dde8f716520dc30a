//! Which records labelers are asked about: those that are new here, of collections that an operator named.
//!
//! Off the path on which records come: what is asked about is read from the change log after the commit.

use std::collections::HashSet;
use std::time::Duration;

use accounts::Settings;
use labels::Fetch;
use records::{Action, Change, Records};
use tokio_util::sync::CancellationToken;
use tracing::warn;

/// Entries of the log read at once.
const PAGE: u32 = 1_000;

/// Before another attempt at a log that cannot be read.
const RETRY: Duration = Duration::from_secs(1);

/// Where new records show, and what asks about them.
pub(super) struct NewRecords {
    pub(super) records: Records,
    pub(super) settings: Settings,
    pub(super) fetch: Fetch,
}

/// Names the new records of collections that ask for it (`label_new_records`) until cancelled. What came while the server
/// did not run is not asked about.
pub(super) async fn ask(new: NewRecords, stop: CancellationToken) {
    let mut committed = new.records.committed();
    let mut after = None;
    while !stop.is_cancelled() {
        // Marked before the log is read: a commit in between is looked at once more.
        let last = *committed.borrow_and_update();
        match new.read(after, last).await {
            Ok((read, is_all)) => {
                after = Some(read);
                if !is_all {
                    continue;
                }
                tokio::select! {
                    () = stop.cancelled() => {}
                    changed = committed.changed() => if changed.is_err() { return },
                }
            }
            Err(error) => {
                warn!(%error, "new records cannot be read; labelers are asked about them later");
                stop.run_until_cancelled(tokio::time::sleep(RETRY)).await;
            }
        }
    }
}

impl NewRecords {
    /// Reads on after number `after`, or begins at the end; up to where, and whether that is all there is. `last` is the
    /// newest that this process knows of.
    async fn read(&self, after: Option<i64>, last: i64) -> Result<(i64, bool), records::Error> {
        let Some(after) = after else { return Ok((self.records.last_change().await?, true)) };
        let current = self.settings.current();
        let Some(wanted) = current.label_new_records.as_deref() else {
            // Nothing is read that nobody asks about.
            return Ok((after.max(last), true));
        };
        let wanted: HashSet<&str> = wanted.split(',').map(str::trim).collect();
        let changes = self.records.changes(after, PAGE).await?;
        self.fetch.fetch_for(changes.iter().filter_map(|change| new_in(change, &wanted)));
        let read = changes.last().map_or(after, |change| change.seq);
        Ok((read, changes.len() < PAGE as usize))
    }
}

/// The URI of a record that was not here, if its collection asks.
fn new_in(change: &Change, wanted: &HashSet<&str>) -> Option<String> {
    let (collection, rkey) = change.record.as_ref().filter(|_| change.action == Action::Create)?;
    wanted.contains(collection.as_str()).then(|| format!("at://{}/{collection}/{rkey}", change.did))
}
