//! How a worker works.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// What may change while a worker runs. Asked for again and again: a change counts at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tuning {
    /// Jobs that one instance runs at the same time, from 1 to 32 (`JOB_WORKER_CONCURRENCY`).
    pub concurrency: u32,
    /// Days for which jobs are kept after they ended; 0: for ever.
    pub retention_days: u32,
}

impl Default for Tuning {
    /// One job at a time, kept for four weeks.
    fn default() -> Self {
        Self { concurrency: 1, retention_days: 28 }
    }
}

/// How a worker works.
#[derive(Clone)]
pub struct WorkerConfig {
    /// Names this instance: no other one that is alive has the same name. Jobs that an earlier life of it left behind
    /// begin again at once.
    pub instance: String,
    /// How much is done at once.
    pub tuning: Arc<dyn Fn() -> Tuning + Send + Sync>,
    /// Between two looks for jobs that other instances made.
    pub poll: Duration,
    /// After how long without a sign of life a worker's jobs are taken up by others. A tenth of it is how late a worker
    /// may learn what its job was told on another instance.
    pub lease: Duration,
    /// How long a run may go on that has been asked to stop; then it is cut off.
    pub grace: Duration,
    /// How long a job waits before it is tried again: after its first failure, and at most. It doubles each time.
    pub back_off: (Duration, Duration),
}

impl WorkerConfig {
    /// With the values of spec/appview.md §5.11, where it has some.
    #[must_use]
    pub fn new(instance: String) -> Self {
        Self {
            instance,
            tuning: Arc::new(Tuning::default),
            poll: Duration::from_secs(5),
            lease: Duration::from_secs(20),
            grace: Duration::from_secs(30),
            back_off: (Duration::from_secs(10), Duration::from_hours(1)),
        }
    }

    /// How long a job waits after so many failures.
    pub(crate) fn wait_after(&self, failures: u32) -> Duration {
        let (first, longest) = self.back_off;
        let doubled = 2_u32.saturating_pow(failures.saturating_sub(1));
        clock::jittered(first.saturating_mul(doubled).min(longest))
    }
}

impl fmt::Debug for WorkerConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkerConfig")
            .field("instance", &self.instance)
            .field("tuning", &(self.tuning)())
            .field("poll", &self.poll)
            .field("lease", &self.lease)
            .field("grace", &self.grace)
            .field("back_off", &self.back_off)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_waits_longer_each_time_but_not_for_ever() {
        let config = WorkerConfig::new("one".to_owned());
        for (failures, longest) in [(1, 10), (2, 20), (3, 40), (9, 2560), (10, 3600), (u32::MAX, 3600)] {
            let wait = config.wait_after(failures).as_secs_f64();
            let longest = f64::from(longest);
            assert!(wait <= longest && wait >= longest * 0.8, "{failures}: {wait}");
        }
    }
}
