//! Memory for whole repositories, shared by all exports under way.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// Memory is taken in steps of this many bytes, so that taking it is rare.
const STEP: usize = 256 << 10;

/// A number of bytes shared by exports whose size is not known before they end.
///
/// An export takes memory as its bytes arrive. Reserving the most it may need would let only a few run at a time, though
/// nearly all are small; but if everyone just took what is free, all could be waiting for each other, half done. So
/// memory is given only if some export could still grow to the largest size allowed and end (the banker's algorithm with
/// equal claims): the largest can always go on, and what it frees lets the next one.
pub(crate) struct Budget {
    total: usize,
    /// The most that one export may take.
    largest: usize,
    state: Mutex<State>,
    freed: Notify,
}

#[derive(Default)]
struct State {
    next_id: u64,
    held: HashMap<u64, usize>,
}

/// The memory of one export; dropping it gives everything back.
pub(crate) struct Reservation {
    budget: Arc<Budget>,
    id: u64,
    held: usize,
    used: usize,
}

impl Budget {
    /// `largest` is cut down to `total`.
    pub(crate) fn new(total: usize, largest: usize) -> Arc<Self> {
        let largest = largest.min(total);
        Arc::new(Self { total, largest, state: Mutex::default(), freed: Notify::new() })
    }

    /// An export that has taken nothing yet.
    pub(crate) fn reserve(self: &Arc<Self>) -> Reservation {
        let mut state = self.state();
        state.next_id += 1;
        let id = state.next_id;
        state.held.insert(id, 0);
        drop(state);
        Reservation { budget: Arc::clone(self), id, held: 0, used: 0 }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives `id` the total of `bytes`, if everybody can still come to an end then.
    fn try_hold(&self, id: u64, bytes: usize) -> bool {
        let mut state = self.state();
        let others = state.held.iter().filter(|(other, _)| **other != id).map(|(_, held)| *held);
        let (sum, most) = others.fold((bytes, bytes), |(sum, most), held| (sum + held, most.max(held)));
        let safe = sum <= self.total && self.total - sum + most >= self.largest;
        if safe {
            state.held.insert(id, bytes);
        }
        safe
    }
}

impl Reservation {
    /// Takes `bytes` more, waiting until they are free; `false` if that is more than one export may take.
    pub(crate) async fn grow(&mut self, bytes: usize) -> bool {
        let used = self.used.saturating_add(bytes);
        if used > self.budget.largest {
            return false;
        }
        if used > self.held {
            let held = used.next_multiple_of(STEP).min(self.budget.largest);
            loop {
                let freed = self.budget.freed.notified();
                tokio::pin!(freed);
                // Enabled first: what is freed between the attempt and the wait must not be missed.
                freed.as_mut().enable();
                if self.budget.try_hold(self.id, held) {
                    break;
                }
                freed.await;
            }
            self.held = held;
        }
        self.used = used;
        true
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.budget.state().held.remove(&self.id);
        self.budget.freed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn more_than_one_may_take_is_refused() {
        let mut export = Budget::new(10 * STEP, 2 * STEP).reserve();
        assert!(export.grow(2 * STEP).await);
        assert!(!export.grow(1).await);
    }

    #[tokio::test]
    async fn memory_comes_back() {
        let budget = Budget::new(2 * STEP, 2 * STEP);
        let mut first = budget.reserve();
        assert!(first.grow(2 * STEP).await);
        let waiting = Arc::clone(&budget);
        let second = tokio::spawn(async move { waiting.reserve().grow(1).await });
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(!second.is_finished());
        drop(first);
        assert!(second.await.unwrap());
    }

    /// Twelve exports that grow to the largest size in small steps, with room for two and a half of them.
    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn exports_never_wait_for_each_other_in_a_circle() {
        let budget = Budget::new(20 * STEP, 8 * STEP);
        let exports = (0..12).map(|_| {
            let budget = Arc::clone(&budget);
            tokio::spawn(async move {
                let mut export = budget.reserve();
                for _ in 0..8 {
                    assert!(export.grow(STEP).await);
                    let held: usize = budget.state().held.values().sum();
                    assert!(held <= budget.total, "{held} bytes are held");
                    tokio::task::yield_now().await;
                }
            })
        });
        let all = futures::future::join_all(exports.collect::<Vec<_>>());
        let ended = tokio::time::timeout(Duration::from_secs(10), all).await;
        assert!(ended.unwrap().into_iter().all(|export| export.is_ok()));
    }
}
