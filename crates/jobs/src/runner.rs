//! What does the work of jobs.

use std::sync::Arc;

use futures::future::BoxFuture;

use crate::{Control, Job};

/// Does the work of jobs.
pub trait Runner: Send + Sync {
    /// Does the work of one job; what it returns, as JSON of at most 256 KiB.
    ///
    /// A job whose worker dies begins again, here or on another instance, so the work may be done more than once. The
    /// future is dropped when the worker stops or loses the job, or when the run does not end within
    /// [`WorkerConfig::grace`](crate::WorkerConfig::grace) after it was asked to: nothing may go on after that.
    fn run<'a>(
        &'a self,
        job: &'a Job,
        control: &'a Arc<Control>,
    ) -> BoxFuture<'a, Result<Option<String>, RunError>>;
}

/// Why a run failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct RunError {
    /// For whoever looks at the job.
    pub message: String,
    /// Whether another run may succeed. If not, the job fails at once, whatever attempts it has left.
    pub retry: bool,
}
