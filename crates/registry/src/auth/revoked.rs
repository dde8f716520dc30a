//! Devices that were revoked while tokens that they got may still be shown.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use clock::micros;
use store::{Conn, Database, v};
use tokio_util::sync::CancellationToken;

use super::Error;

/// How soon every instance knows.
const REFRESH_EVERY: Duration = Duration::from_secs(10);

/// A row is kept for so long: longer than any token.
const KEPT: Duration = Duration::from_hours(24);

/// Their ids, in memory: a token is checked without asking anybody. Cheap to clone.
#[derive(Clone)]
pub(super) struct Revoked {
    state: Database,
    ids: Arc<ArcSwap<HashSet<String>>>,
}

impl Revoked {
    pub(super) async fn open(state: Database) -> Result<Self, Error> {
        let revoked = Self { state, ids: Arc::default() };
        revoked.refresh().await?;
        Ok(revoked)
    }

    pub(super) fn contains(&self, device: &str) -> bool {
        self.ids.load().contains(device) && !faults::mutant!("registry-device-not-revoked")
    }

    /// At once on this instance.
    pub(super) fn add(&self, devices: &[String]) {
        self.ids.rcu(|ids| {
            let mut ids = HashSet::clone(ids);
            ids.extend(devices.iter().cloned());
            ids
        });
    }

    /// Reads what other instances have revoked.
    pub(super) async fn refresh(&self) -> Result<(), Error> {
        let ids = self.state.read(list).await?;
        self.ids.store(Arc::new(ids.into_iter().collect()));
        Ok(())
    }

    /// Refreshes until it is told to stop, and forgets rows that mean nothing any more.
    pub(super) async fn run(self, stop: CancellationToken) {
        while stop.run_until_cancelled(tokio::time::sleep(REFRESH_EVERY)).await.is_some() {
            if let Err(error) = self.tend().await {
                tracing::warn!(%error, "revoked devices could not be read; will try again soon");
            }
        }
    }

    async fn tend(&self) -> Result<(), Error> {
        self.state.write(prune).await?;
        self.refresh().await
    }
}

fn list(conn: &mut Conn<'_>) -> Result<Vec<String>, store::Error> {
    conn.query("SELECT id FROM registry_devices WHERE revoked_at IS NOT NULL", &[], |row| row.string(0))
}

fn prune(conn: &mut Conn<'_>) -> Result<u64, store::Error> {
    let before = clock::now_micros() - micros(KEPT);
    conn.execute("DELETE FROM registry_devices WHERE revoked_at <= $1", &[v(before)])
}
