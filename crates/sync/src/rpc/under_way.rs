//! How many calls are under way, and how much they carry.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A number that may not grow beyond a bound. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct UnderWay(Arc<AtomicUsize>);

/// Holds a part of it until it is dropped.
#[derive(Debug)]
pub(crate) struct Share {
    of: UnderWay,
    part: usize,
}

impl UnderWay {
    /// Adds `part`, unless there would be more than `most` then.
    pub(crate) fn add(&self, part: usize, most: usize) -> Option<Share> {
        let order = Ordering::Relaxed;
        let added =
            self.0.fetch_update(order, order, |now| now.checked_add(part).filter(|then| *then <= most));
        added.ok().map(|_| Share { of: self.clone(), part })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.of.0.fetch_sub(self.part, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_makes_room() {
        let calls = UnderWay::default();
        let first = calls.add(2, 3).unwrap();
        assert!(calls.add(2, 3).is_none());
        let second = calls.add(1, 3).unwrap();
        drop(first);
        assert!(calls.add(usize::MAX, 3).is_none());
        assert!(calls.add(2, 3).is_some());
        drop(second);
        assert!(calls.add(3, 3).is_some());
    }
}
