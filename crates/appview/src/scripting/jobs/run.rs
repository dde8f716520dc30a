//! One run of a job, as the functions see it that its script calls.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use jobs::Control;

/// Lines of one run that are in the event log, too.
const EVENTS: u32 = 200;

/// The way to whoever watches over a job.
pub(crate) struct JobRun {
    pub(crate) control: Arc<Control>,
    logged: AtomicU32,
}

impl JobRun {
    pub(super) fn new(control: Arc<Control>) -> Self {
        Self { control, logged: AtomicU32::new(0) }
    }

    /// Writes a line to the job's log; whether it is one of the first, which the event log has as well.
    pub(crate) fn log(&self, line: &str) -> bool {
        self.control.log(line);
        // Further than that it need not be counted, and must not begin again.
        self.logged
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| (n < EVENTS).then_some(n + 1))
            .is_ok()
    }
}
