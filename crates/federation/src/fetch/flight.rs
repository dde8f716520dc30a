//! One request for everybody who wants the same thing at the same time.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt;
use futures::future::{BoxFuture, Shared};

use super::FetchError;

type Flight<V> = Shared<BoxFuture<'static, Result<V, FetchError>>>;

/// What is under way. Each flight ends by itself, whether or not anybody still waits for it.
pub(crate) struct Flights<K, V>(Arc<Mutex<HashMap<K, Flight<V>>>>);

impl<K, V> Default for Flights<K, V> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Hash + Eq + Clone + Send + 'static, V: Clone + Send + Sync + 'static> Flights<K, V> {
    /// The outcome of the flight to `key`, which is `start` if there is none yet.
    pub(crate) async fn join(
        &self,
        key: &K,
        start: impl Future<Output = Result<V, FetchError>> + Send + 'static,
    ) -> Result<V, FetchError> {
        let flight = {
            let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            match flights.get(key) {
                Some(flight) => flight.clone(),
                None => {
                    let flight = self.depart(key.clone(), start);
                    flights.insert(key.clone(), flight.clone());
                    flight
                }
            }
        };
        flight.await
    }

    fn depart(
        &self,
        key: K,
        start: impl Future<Output = Result<V, FetchError>> + Send + 'static,
    ) -> Flight<V> {
        let flights = Arc::clone(&self.0);
        let task = tokio::spawn(async move {
            // Also if it panics: nobody must wait for it for ever.
            let outcome = std::panic::AssertUnwindSafe(start).catch_unwind().await;
            flights.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
            outcome.unwrap_or_else(|_| Err(FetchError::Unreachable("the request broke off".into())))
        });
        let ended = |_| Err(FetchError::Unreachable("this server is stopping".into()));
        task.map(move |outcome| outcome.unwrap_or_else(ended)).boxed().shared()
    }
}
