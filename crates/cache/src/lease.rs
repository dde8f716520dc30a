//! A lock that is held for a while.

use crate::{Cache, Error};
use std::time::Duration;

/// A lock taken by [`Cache::try_lock`]. It ends when released or when its time is over, whichever is first; dropping it
/// leaves it to expire.
///
/// It keeps honest processes from doing the same work twice. It cannot stop one that was suspended beyond its lease and
/// wakes up believing in it: what must not happen twice is guarded where it is written.
#[derive(Debug)]
#[must_use = "an unreleased lock stays taken until it expires"]
pub struct Lease {
    pub(crate) cache: Cache,
    pub(crate) key: String,
    /// Tells this holder from the one who may have taken the lock since.
    pub(crate) token: String,
}

impl Lease {
    /// Prolongs the lease to `ttl` from now. `false`: it had ended and may belong to another; stop the work.
    pub async fn renew(&self, ttl: Duration) -> Result<bool, Error> {
        self.cache.renew_lock(&self.key, &self.token, ttl).await
    }

    /// Gives the lock back. `false`: it had ended already; another holder's lock is left alone.
    pub async fn release(self) -> Result<bool, Error> {
        self.cache.release_lock(&self.key, &self.token).await
    }
}
