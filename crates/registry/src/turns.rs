//! One after the other, where two changes of one owner's records depend on what the other does: a tag must not be given to a manifest
//! that is being deleted.
//!
//! In this process it is a lock in memory. Where several processes have one database, whoever has that takes one in the cache that they
//! share, and goes on alone if there is no such cache: so a turn is polite and no more. That no tag leads nowhere is seen to where tags
//! and manifests are written ([`Turns::are_shared`]).

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use atproto::Did;
use cache::{Cache, Lease};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};
use tokio::time::{Instant, sleep};

use crate::refusal::Refusal;

/// More than changes that are made at once; two owners who share a lock wait for each other, and that is all.
const LOCKS: usize = 256;

/// How long the lock of an instance that died is kept.
const TERM: Duration = Duration::from_secs(10);

/// How long somebody waits for another instance: longer than the lock of one that died.
const PATIENCE: Duration = Duration::from_secs(20);

/// The first wait, and the longest.
const WAITS: [Duration; 2] = [Duration::from_millis(2), Duration::from_millis(50)];

/// The locks of all owners.
pub(crate) struct Turns {
    here: Box<[Arc<Mutex<()>>]>,
    everywhere: Option<Cache>,
}

/// Somebody's turn, until it is dropped.
#[must_use = "a turn is over when it is dropped"]
pub(crate) enum Turn {
    /// Before others of this process.
    Here { _guard: OwnedMutexGuard<()> },
    /// Before all others; whoever keeps the lock learns from this when it is over.
    Everywhere { _over: oneshot::Sender<()> },
}

impl Turns {
    /// With the cache that instances share, where there may be several.
    pub(crate) fn new(everywhere: Option<Cache>) -> Self {
        Self { here: (0..LOCKS).map(|_| Arc::default()).collect(), everywhere }
    }

    /// Whether other processes may write what is written here, so that what was written has to be looked at once more.
    pub(crate) fn are_shared(&self) -> bool {
        self.everywhere.is_some()
    }

    /// Waits until nobody else changes anything of this owner's. Refuses who has waited for too long.
    pub(crate) async fn of(&self, owner: &Did) -> Result<Turn, Refusal> {
        let mut hasher = DefaultHasher::new();
        owner.as_str().hash(&mut hasher);
        let place = usize::try_from(hasher.finish() % LOCKS as u64).unwrap_or_default();
        // One of this process at a time asks the cache.
        let guard = self.here[place].clone().lock_owned().await;
        let lease = match &self.everywhere {
            Some(cache) => taken(cache, owner).await?,
            None => None,
        };
        Ok(match lease {
            Some(lease) => Turn::Everywhere { _over: kept(lease, guard) },
            None => Turn::Here { _guard: guard },
        })
    }
}

/// The lock of an owner in the cache; nothing if there is no cache now.
async fn taken(cache: &Cache, owner: &Did) -> Result<Option<Lease>, Refusal> {
    let (key, deadline, mut wait) = (format!("registry:turn:{owner}"), Instant::now() + PATIENCE, WAITS[0]);
    loop {
        match cache.try_lock(&key, TERM).await {
            Ok(Some(lease)) => return Ok(Some(lease)),
            Ok(None) if Instant::now() >= deadline => {
                let why = std::io::Error::other(format!(
                    "another instance has been writing for {owner} for {PATIENCE:?}"
                ));
                return Err(Refusal::unavailable(why));
            }
            Ok(None) => {
                sleep(wait).await;
                wait = (wait * 2).min(WAITS[1]);
            }
            Err(error) => {
                tracing::debug!(%error, "instances do not wait for each other while there is no cache");
                return Ok(None);
            }
        }
    }
}

/// Keeps the lock until the turn is over, and gives it back before the next of this process asks for it.
fn kept(lease: Lease, guard: OwnedMutexGuard<()>) -> oneshot::Sender<()> {
    let (over, mut ends) = oneshot::channel();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = &mut ends => break,
                // One that was lost may be somebody else's now; what is written is looked at for that.
                () = sleep(TERM / 3) => drop(lease.renew(TERM).await),
            }
        }
        drop(lease.release().await);
        drop(guard);
    });
    over
}
