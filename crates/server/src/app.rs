//! What an app gives the shell: a plain value.

use std::fmt;

use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use crate::Mount;

/// One of the server's jobs, ready to be mounted.
#[derive(Debug)]
pub struct App {
    /// Appears in metrics, logs and the route table.
    pub name: &'static str,
    /// The path prefixes it owns.
    pub mounts: Vec<Mount>,
    /// Its background work.
    pub tasks: Vec<Task>,
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
}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task").field("name", &self.name).finish_non_exhaustive()
    }
}
