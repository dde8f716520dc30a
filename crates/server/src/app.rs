//! What an app gives the shell: a plain value.

use std::fmt;

use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use crate::{Extension, Mount};

/// One of the server's jobs, ready to be mounted.
#[derive(Debug)]
pub struct App {
    /// Appears in metrics, logs and the route table.
    pub name: &'static str,
    /// The path prefixes it owns.
    pub mounts: Vec<Mount>,
    /// What it adds to prefixes that other apps own.
    pub extensions: Vec<Extension>,
    /// Its background work.
    pub tasks: Vec<Task>,
}

impl App {
    /// An app that does nothing yet. Set the other fields with `App { tasks: …, ..App::new(…) }`.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name, mounts: Vec::new(), extensions: Vec::new(), tasks: Vec::new() }
    }
}

/// Background work that runs as long as the server does.
pub struct Task {
    pub(crate) name: &'static str,
    pub(crate) run: Box<dyn FnOnce(CancellationToken) -> BoxFuture<'static, ()> + Send>,
}

impl Task {
    /// Work that starts with the server. When the token is cancelled it should save what it holds and return soon: what
    /// is still running when the drain deadline passes is dropped. A panic stops the server.
    pub fn new<F>(name: &'static str, run: impl FnOnce(CancellationToken) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Self { name, run: Box::new(move |token| Box::pin(run(token))) }
    }

    /// Does the work outside of a server, until it ends or has been told to.
    pub async fn run(self, stop: CancellationToken) {
        (self.run)(stop).await;
    }
}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task").field("name", &self.name).finish_non_exhaustive()
    }
}
