//! How much one request may make this server ask of others.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::FetchError;

/// Requests for one activity, or for one call of the API (spec/social.md §4.11).
const REQUESTS: u32 = 25;

/// What is left of it. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Budget(Arc<AtomicU32>);

impl Budget {
    /// The usual one.
    pub(crate) fn new() -> Self {
        Self::of(REQUESTS)
    }

    /// One of so many requests.
    pub(crate) fn of(requests: u32) -> Self {
        Self(Arc::new(AtomicU32::new(requests)))
    }

    pub(crate) fn spend(&self) -> Result<(), FetchError> {
        let spent = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        spent.map(drop).map_err(|_| FetchError::Budget)
    }

    /// Takes what has been spent already, or as much of it as there is.
    pub(super) fn charge(&self, requests: u32) {
        let _ = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| Some(left.saturating_sub(requests)));
    }

    pub(super) fn left(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_for_everybody_who_shares_it() {
        let (one, other) = {
            let budget = Budget::new();
            (budget.clone(), budget)
        };
        for turn in 0..REQUESTS {
            assert_eq!(if turn % 2 == 0 { one.spend() } else { other.spend() }, Ok(()));
        }
        assert_eq!((one.spend(), other.spend()), (Err(FetchError::Budget), Err(FetchError::Budget)));
    }
}
