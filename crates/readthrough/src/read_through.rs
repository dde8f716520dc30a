//! The handle that apps hold.

use std::sync::Arc;
use std::time::Duration;

use cache::Cache;
use records::Records;
use remote::Remote;

use crate::flights::{Flight, Flights};
use crate::purse::Purses;
use crate::shared::Shared;
use crate::trouble::Troubles;
use crate::{Answer, Budget, Error, How, Memory, Reason, telemetry};

/// What asking is built on.
pub struct ReadThroughParts {
    /// The index.
    pub records: Records,
    /// The way to the sources.
    pub remote: Remote,
    /// What instances share: locks, purses, and what was answered with "no".
    pub cache: Cache,
    /// Read again for every question, so that a change counts at once.
    pub budget: Arc<dyn Fn() -> Budget + Send + Sync>,
    /// The rest.
    pub config: ReadThroughConfig,
}

/// Bounds of asking; [`Default`] is fit for production.
#[derive(Clone, Copy, Debug)]
pub struct ReadThroughConfig {
    /// Questions under way in this process.
    pub at_once: usize,
    /// How long whoever asked waits for the answer. The question goes on.
    pub patience: Duration,
    /// How long one source may take.
    pub question_time: Duration,
    /// How long an instance waits for another that is asking the same.
    pub patience_with_others: Duration,
    /// Whether lists are believed only as far as the author's signature goes. Single records always are.
    pub verified_lists: bool,
}

impl Default for ReadThroughConfig {
    fn default() -> Self {
        Self {
            at_once: 64,
            patience: Duration::from_secs(5),
            question_time: Duration::from_secs(10),
            patience_with_others: Duration::from_secs(2),
            verified_lists: false,
        }
    }
}

/// Answers from the index, and asks the source for what is missing. Cheap to clone; clones share what is under way.
#[derive(Clone)]
pub struct ReadThrough {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) records: Records,
    pub(crate) remote: Remote,
    pub(crate) shared: Shared,
    pub(crate) purses: Purses,
    pub(crate) troubles: Troubles,
    /// By asker and name of what is missing.
    pub(crate) turns: Flights<Result<Answer, Error>>,
    /// By name of what is missing.
    pub(crate) questions: Flights<Result<Answer, Error>>,
    pub(crate) config: ReadThroughConfig,
}

impl ReadThrough {
    /// Prepares; asks nobody.
    #[must_use]
    pub fn new(parts: ReadThroughParts) -> Self {
        telemetry::describe();
        let ReadThroughParts { records, remote, cache, budget, config } = parts;
        let shared = Shared::new(cache);
        let inner = Inner {
            purses: Purses::new(shared.clone(), budget, config.at_once),
            troubles: Troubles::new(shared.clone()),
            turns: Flights::new(),
            questions: Flights::new(),
            records,
            remote,
            shared,
            config,
        };
        Self { inner: Arc::new(inner) }
    }

    /// A memory for what others say that is not kept in the index; it shares the cache.
    #[must_use]
    pub fn memory<E: Clone + Send + Sync + 'static>(&self) -> Memory<E> {
        Memory::new(self.inner.shared.clone())
    }
}

impl Inner {
    /// Waits for an answer, within reason.
    pub(crate) async fn wait(&self, flight: Flight<Result<Answer, Error>>) -> Result<Answer, Error> {
        match tokio::time::timeout(self.config.patience, flight).await {
            Ok(Ok(answer)) => answer,
            // A panic of the task is in the log; to whoever waited it is a source of no help.
            Ok(Err(_)) => Ok(How::unavailable(Reason::PdsUnreachable).into()),
            Err(_) => Ok(How::unavailable(Reason::Slow).into()),
        }
    }
}
