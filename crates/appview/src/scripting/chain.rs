//! Calls that scripts make because of one request or event: how deep they are, and how much they may be in all.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use lua::{Engine, HostError};
use tokio::time::Instant;

/// Calls of methods by all scripts of a chain together.
const MAX_CALLS: u32 = 1000;

/// From the first script of a chain on, for all that it calls: as long as a request may take twice.
const TIME_LIMIT: Duration = Duration::from_mins(1);

/// Where a run stands in a chain of calls. Cheap to clone.
///
/// Each run has limits of its own, so what bounds a chain is how many runs there are and when they end. Several servers that
/// call each other are no chain of ours: a call that another server like this one has passed on is not passed on again.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    depth: u8,
    passed_on: bool,
    is_query: bool,
    is_dry: bool,
    /// Nothing before the first script; of a job, before each of its calls.
    shared: Option<Arc<Shared>>,
}

#[derive(Debug)]
struct Shared {
    calls: AtomicU32,
    until: Instant,
}

impl Chain {
    /// A request that is no script's; whether it came through another server like this one.
    pub(crate) fn outside(passed_on: bool) -> Self {
        Self { depth: 0, passed_on, is_query: false, is_dry: false, shared: None }
    }

    /// The same of a query, which any page can have a browser send.
    pub(crate) fn of_query(self) -> Self {
        Self { is_query: true, ..self }
    }

    /// An event of a record; whether what is done about it is to have no effects.
    pub(crate) fn of_event(is_dry: bool) -> Self {
        Self { is_dry, ..Self::outside(false) }.begun()
    }

    /// The same from the first script on.
    pub(crate) fn begun(self) -> Self {
        let begin = || Arc::new(Shared { calls: AtomicU32::new(0), until: Instant::now() + TIME_LIMIT });
        Self { shared: Some(self.shared.unwrap_or_else(begin)), ..self }
    }

    /// One call deeper; an error for the script if that is too deep, or one too many.
    pub(crate) fn call(&self) -> Result<Self, HostError> {
        if self.depth >= Engine::MAX_DEPTH {
            return Err(HostError::new(format!(
                "scripts call each other too deeply: at most {} calls inside each other",
                Engine::MAX_DEPTH
            )));
        }
        let deeper = Self { depth: self.depth + 1, ..self.clone() }.begun();
        let calls = deeper.shared.as_ref().map_or(0, |shared| shared.calls.fetch_add(1, Ordering::Relaxed));
        if calls >= MAX_CALLS {
            return Err(HostError::new(format!(
                "more than {MAX_CALLS} calls of methods by the scripts of one request"
            )));
        }
        Ok(deeper)
    }

    /// Waits for a call until the time of the chain is over.
    pub(crate) async fn bounded<T>(&self, call: impl Future<Output = T>) -> Result<T, HostError> {
        let until = self.shared.as_ref().map_or_else(|| Instant::now() + TIME_LIMIT, |shared| shared.until);
        let too_long = |_| {
            let seconds = TIME_LIMIT.as_secs();
            HostError::new(format!("the scripts of one request take longer than {seconds} seconds"))
        };
        tokio::time::timeout_at(until, call).await.map_err(too_long)
    }

    /// How many runs wait for this one.
    pub(crate) fn depth(&self) -> u8 {
        self.depth
    }

    /// Whether it came through another server like this one.
    pub(crate) fn is_passed_on(&self) -> bool {
        self.passed_on
    }

    /// Whether it began with a query.
    pub(crate) fn is_query(&self) -> bool {
        self.is_query
    }

    /// Whether what is done is to have no effects.
    pub(crate) fn is_dry(&self) -> bool {
        self.is_dry
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_has_a_depth_and_a_number_of_calls() {
        let mut chain = Chain::outside(false).begun();
        for depth in 1..=Engine::MAX_DEPTH {
            chain = chain.call().unwrap();
            assert_eq!(chain.depth(), depth);
        }
        assert!(chain.call().unwrap_err().message.contains("at most 8"));
        let wide = Chain::outside(false).begun();
        for _ in 0..MAX_CALLS / 2 {
            // Of two that call side by side, too.
            wide.call().unwrap().call().unwrap();
        }
        assert!(wide.call().unwrap_err().message.contains("1000 calls"));
    }

    #[test]
    fn each_call_of_a_job_begins_anew() {
        let job = Chain::outside(false);
        for _ in 0..2 * MAX_CALLS {
            assert_eq!(job.call().unwrap().depth(), 1);
        }
    }

    #[tokio::test]
    async fn a_chain_ends() {
        let shared = |until| Some(Arc::new(Shared { calls: AtomicU32::new(0), until }));
        let over = Chain { shared: shared(Instant::now()), ..Chain::outside(false) };
        for deeper in [over.call().unwrap(), over.call().unwrap().call().unwrap()] {
            let forever = deeper.bounded(std::future::pending::<()>()).await;
            assert!(forever.unwrap_err().message.contains("60 seconds"));
        }
        assert_eq!(Chain::of_event(false).call().unwrap().bounded(async { 1 }).await, Ok(1));
    }
}
