//! One question per key at a time, whoever waits for the answer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::FutureExt;
use futures::future::Shared;
use tokio::sync::oneshot;

/// Questions under way in this process, each a task of its own: it goes on when those who wait for it have gone.
pub(crate) struct Flights<T> {
    under_way: Arc<Map<T>>,
}

type Map<T> = Mutex<HashMap<String, Flight<T>>>;

/// The answer to a question under way; an error if its task panicked.
pub(crate) type Flight<T> = Shared<oneshot::Receiver<T>>;

impl<T: Clone + Send + Sync + 'static> Flights<T> {
    pub(crate) fn new() -> Self {
        Self { under_way: Arc::default() }
    }

    /// The question under this key, if it is under way.
    pub(crate) fn under_way(&self, key: &str) -> Option<Flight<T>> {
        lock(&self.under_way).get(key).cloned()
    }

    /// The question under this key, begun now if it is not under way.
    pub(crate) fn join<F>(&self, key: &str, ask: impl FnOnce() -> F) -> Flight<T>
    where
        F: Future<Output = T> + Send + 'static,
    {
        let mut under_way = lock(&self.under_way);
        if let Some(flight) = under_way.get(key).filter(|_| !faults::mutant!("readthrough-every-miss-asks")) {
            return flight.clone();
        }
        let (answer, flight) = oneshot::channel();
        let flight = flight.shared();
        under_way.insert(key.to_owned(), flight.clone());
        let landing = Landing { under_way: Arc::clone(&self.under_way), key: key.to_owned() };
        let ask = ask();
        tokio::spawn(async move {
            let answered = ask.await;
            // Whoever comes from now on asks anew.
            drop(landing);
            // Fails if nobody waits any more, which is all right.
            _ = answer.send(answered);
        });
        flight
    }
}

/// Ends a question when it is dropped, after a panic too.
struct Landing<T> {
    under_way: Arc<Map<T>>,
    key: String,
}

impl<T> Drop for Landing<T> {
    fn drop(&mut self) {
        lock(&self.under_way).remove(&self.key);
    }
}

fn lock<T>(map: &Map<T>) -> MutexGuard<'_, HashMap<String, Flight<T>>> {
    map.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn many_share_one_question_and_the_next_is_another() {
        let (flights, asked) = (Flights::new(), Arc::new(AtomicUsize::new(0)));
        for round in 1..=2 {
            let ask = || {
                let asked = Arc::clone(&asked);
                async move {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    asked.fetch_add(1, Ordering::SeqCst) + 1
                }
            };
            let waiting: Vec<_> = (0..100).map(|_| flights.join("key", ask)).collect();
            let answers = futures::future::join_all(waiting).await;
            assert!(answers.iter().all(|answer| *answer == Ok(round)), "{answers:?}");
        }
    }

    #[tokio::test]
    async fn it_survives_whoever_asked() {
        let (flights, (done, finished)) = (Flights::new(), oneshot::channel());
        let ask = || async move {
            tokio::time::sleep(Duration::from_millis(10)).await;
            done.send(()).unwrap();
        };
        drop(flights.join("key", ask));
        tokio::time::timeout(Duration::from_secs(5), finished).await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_panic_keeps_nobody_waiting() {
        let flights = Flights::<()>::new();
        let flight = flights.join("key", || async { panic!("on purpose") });
        assert!(flight.await.is_err());
        assert!(flights.under_way("key").is_none(), "it is over");
    }
}
