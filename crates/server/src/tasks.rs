//! Runs the apps' background tasks.

use std::{collections::HashMap, time::Duration};

use tokio::task::{Id, JoinError, JoinSet};
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use crate::{Error, Task};

/// Tasks with the names of their apps.
pub(crate) struct Tasks {
    tasks: Vec<(&'static str, Task)>,
}

impl Tasks {
    pub(crate) fn new(tasks: Vec<(&'static str, Task)>) -> Self {
        Self { tasks }
    }

    /// Runs all tasks until they end or, after `stop`, until the drain limit. A panic cancels `stop` itself: a server
    /// whose ingest died unnoticed would look healthy and serve ever older data.
    pub(crate) async fn run(self, stop: &CancellationToken, drain: Duration) -> Result<(), Error> {
        let mut running = Running::start(self.tasks, stop);
        let outcome = running.until_stopped(stop).await;
        if tokio::time::timeout(drain, running.finish()).await.is_err() {
            warn!(tasks = ?running.names.values(), "tasks did not finish in time and are dropped");
        }
        outcome
    }
}

struct Running {
    set: JoinSet<()>,
    names: HashMap<Id, (&'static str, &'static str)>,
}

impl Running {
    fn start(tasks: Vec<(&'static str, Task)>, stop: &CancellationToken) -> Self {
        let mut set = JoinSet::new();
        let mut names = HashMap::new();
        for (app, task) in tasks {
            let handle = set.spawn((task.run)(stop.clone()));
            names.insert(handle.id(), (app, task.name));
        }
        Self { set, names }
    }

    async fn until_stopped(&mut self, stop: &CancellationToken) -> Result<(), Error> {
        loop {
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                Some(ended) = self.set.join_next_with_id() => {
                    if let Err(error) = self.ended(ended) {
                        stop.cancel();
                        return Err(error);
                    }
                }
            }
        }
    }

    async fn finish(&mut self) {
        while let Some(ended) = self.set.join_next_with_id().await {
            if let Err(error) = self.ended(ended) {
                error!(%error, "task failed during shutdown");
            }
        }
    }

    fn ended(&mut self, ended: Result<(Id, ()), JoinError>) -> Result<(), Error> {
        let id = match &ended {
            Ok((id, ())) => *id,
            Err(error) => error.id(),
        };
        let (app, task) = self.names.remove(&id).unwrap_or_default();
        match ended {
            Err(error) if error.is_panic() => Err(Error::TaskPanicked { app, task }),
            _ => Ok(()),
        }
    }
}
