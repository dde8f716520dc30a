//! One after the other, where two changes of one owner's records depend on what the other does: a tag must not be given to a manifest
//! that is being deleted.
//!
//! In this process it is a lock in memory. Where several processes have one database, whoever has that takes one in the cache that they
//! share, and goes on alone if there is no such cache: so a turn is polite and no more. That no tag leads nowhere is seen to where tags
//! and manifests are written ([`Turns::are_shared`]).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use atproto::Did;
use cache::{Cache, Lease};
use tokio::sync::{OwnedMutexGuard, oneshot};
use tokio::time::{Instant, sleep, timeout};

use crate::refusal::Refusal;

/// How long somebody waits for others of this process: an owner may push a dozen images at once, each with many tags.
const PATIENCE_HERE: Duration = Duration::from_mins(1);

/// How long the lock of an instance that died is kept.
const TERM: Duration = Duration::from_secs(10);

/// How long somebody waits for another instance: longer than the lock of one that died.
const PATIENCE: Duration = Duration::from_secs(20);

/// The first wait, and the longest.
const WAITS: [Duration; 2] = [Duration::from_millis(2), Duration::from_millis(50)];

/// The locks of all owners.
pub(crate) struct Turns {
    /// Of those who change something now, or wait to. Each has their own: nobody waits for another owner.
    here: Mutex<HashMap<Did, Weak<Lock>>>,
    patience: Duration,
    everywhere: Option<Cache>,
}

type Lock = tokio::sync::Mutex<()>;

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
        Self { here: Mutex::default(), patience: PATIENCE_HERE, everywhere }
    }

    /// Whether other processes may write what is written here, so that what was written has to be looked at once more.
    pub(crate) fn are_shared(&self) -> bool {
        self.everywhere.is_some()
    }

    /// Waits until nobody else changes anything of this owner's. Refuses who has waited for too long.
    pub(crate) async fn of(&self, owner: &Did) -> Result<Turn, Refusal> {
        // One of this process at a time asks the cache.
        let waited = timeout(self.patience, self.lock(owner).lock_owned()).await;
        let guard = waited.map_err(|_| too_long("others have", owner, self.patience))?;
        let lease = match &self.everywhere {
            Some(cache) => taken(cache, owner).await?,
            None => None,
        };
        Ok(match lease {
            Some(lease) => Turn::Everywhere { _over: kept(lease, guard) },
            None => Turn::Here { _guard: guard },
        })
    }

    fn lock(&self, owner: &Did) -> Arc<Lock> {
        let mut here = self.here.lock().unwrap_or_else(PoisonError::into_inner);
        here.retain(|_, lock| lock.strong_count() > 0);
        let lock = here.get(owner).and_then(Weak::upgrade).unwrap_or_default();
        here.insert(owner.clone(), Arc::downgrade(&lock));
        lock
    }
}

/// What is told to whoever has waited in vain.
fn too_long(who: &str, owner: &Did, waited: Duration) -> Refusal {
    let why = format!("{who} been writing for {owner} for {waited:?}");
    Refusal::unavailable(std::io::Error::other(why))
}

/// The lock of an owner in the cache; nothing if there is no cache now.
async fn taken(cache: &Cache, owner: &Did) -> Result<Option<Lease>, Refusal> {
    let (key, deadline, mut wait) = (format!("registry:turn:{owner}"), Instant::now() + PATIENCE, WAITS[0]);
    loop {
        match cache.try_lock(&key, TERM).await {
            Ok(Some(lease)) => return Ok(Some(lease)),
            Ok(None) if Instant::now() >= deadline => {
                return Err(too_long("another instance has", owner, PATIENCE));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(name: &str) -> Did {
        Did::parse(&format!("did:web:{name}.test")).unwrap()
    }

    #[tokio::test]
    async fn nobody_waits_for_another_owner_and_nobody_for_ever() {
        let turns = Turns { patience: Duration::from_millis(50), ..Turns::new(None) };
        let first = turns.of(&owner("alice")).await.unwrap();
        for number in 0..2000 {
            assert!(turns.of(&owner(&format!("p{number}"))).await.is_ok(), "{number}");
        }
        assert!(turns.here.lock().unwrap().len() <= 2, "what nobody has is forgotten");
        let began = Instant::now();
        assert!(turns.of(&owner("alice")).await.is_err());
        assert!(began.elapsed() >= turns.patience);
        drop(first);
        assert!(turns.of(&owner("alice")).await.is_ok());
    }
}
