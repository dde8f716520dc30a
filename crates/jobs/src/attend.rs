//! Watching over one run of one job, from its claim to its end.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use clock::{micros, now_micros};
use events::kinds;
use futures::FutureExt;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use crate::lease::Lease;
use crate::settle::Settled;
use crate::transition::End;
use crate::{Control, Job, Jobs, RunError, Runner, WorkerConfig, bounds, telemetry};

/// Between two writes of what a run says.
const GAP: Duration = Duration::from_millis(250);

/// Between two attempts to write down how a run ended.
const RETRY_AFTER: Duration = Duration::from_millis(500);

/// Looks from one sign of life to the next in a lease.
const SIGNS: u32 = 10;

/// What watching over a run needs.
pub(crate) struct Attendance {
    pub(crate) jobs: Jobs,
    pub(crate) runner: Arc<dyn Runner>,
    pub(crate) config: Arc<WorkerConfig>,
    /// Changes when a job has been told to stop.
    pub(crate) told: watch::Receiver<()>,
    /// The worker ends.
    pub(crate) stop: CancellationToken,
}

impl Attendance {
    /// Runs a job that was claimed no earlier than at `claimed_at`, and writes down how that ended.
    pub(crate) async fn run(mut self, job: Job, claimed_at: Instant) {
        let (control, lease) = (Arc::new(Control::default()), Lease::of(&job));
        self.jobs.record(&job, kinds::JOB_STARTED);
        let (ended, lost) = (CancellationToken::new(), CancellationToken::new());
        let mut held_until = claimed_at + self.config.lease;
        let (runner, stop, config) = (Arc::clone(&self.runner), self.stop.clone(), Arc::clone(&self.config));
        let work = async {
            let settled = tokio::select! {
                biased;
                () = lost.cancelled() => None,
                ran = run(&*runner, &job, &control) => Some(judge(&config, &job, ran)),
                () = stop.cancelled() => Some(Settled::new(End::Interrupted)),
                () = overdue(&control, config.grace) => Some(Settled::cut_off(config.grace)),
            };
            ended.cancel();
            settled
        };
        let (settled, ()) = tokio::join!(work, self.keep(&lease, &control, &mut held_until, (&ended, &lost)));
        match settled {
            Some(settled) if !lost.is_cancelled() => {
                self.finish(&lease, &control, settled, held_until).await;
            }
            _ => {
                telemetry::lost();
                warn!(job = job.id, "the lease of a job is lost; it is left to whoever has it now");
            }
        }
    }

    /// Writes down what the run says, and passes on what the job is told, until the run has ended or the job is lost. One
    /// that cannot be kept is lost before others may take it up.
    async fn keep(
        &mut self,
        lease: &Lease,
        control: &Control,
        held_until: &mut Instant,
        (ended, lost): (&CancellationToken, &CancellationToken),
    ) {
        let (term, between) = (micros(self.config.lease), self.config.lease / SIGNS);
        let mut written_at = Instant::now();
        while !ended.is_cancelled() {
            tokio::select! {
                () = ended.cancelled() => return,
                () = sleep_until(written_at + between) => {}
                () = control.noted() => {}
                // The sender lives as long as the jobs, which are held here.
                _ = self.told.changed() => {}
            }
            if ended.run_until_cancelled(sleep_until(written_at + GAP.min(between))).await.is_none() {
                return;
            }
            written_at = Instant::now();
            let notes = control.take();
            match timeout_at(*held_until, self.jobs.keep(lease, term, notes.clone())).await {
                Ok(Ok(Some(status))) => {
                    *held_until = written_at + self.config.lease;
                    if status.is_stopping() {
                        control.tell();
                    }
                }
                Ok(Err(error)) if Instant::now() < *held_until => {
                    debug!(%error, "a job cannot be kept; it will be tried again");
                    control.put_back(notes);
                }
                Ok(Ok(None) | Err(_)) | Err(_) => return lost.cancel(),
            }
        }
    }

    /// A database that does not answer is asked again, for as long as nobody else may have taken up the job.
    async fn finish(&self, lease: &Lease, control: &Control, settled: Settled, held_until: Instant) {
        let notes = control.take();
        loop {
            let finished = self.jobs.finish(lease, settled.clone(), notes.clone());
            match timeout_at(held_until, finished).await {
                Ok(Ok(Some(job))) => return self.jobs.record_end(&job),
                Ok(Err(error)) if !self.stop.is_cancelled() && Instant::now() + RETRY_AFTER < held_until => {
                    warn!(%error, "how a job ended is not written down yet; it will be tried again");
                    sleep(RETRY_AFTER).await;
                }
                Ok(Ok(None) | Err(_)) | Err(_) => {
                    telemetry::lost();
                    return warn!("how a job ended cannot be written down; it begins again");
                }
            }
        }
    }
}

/// A runner that panics fails its job, not the worker.
async fn run(runner: &dyn Runner, job: &Job, control: &Arc<Control>) -> Result<Option<String>, RunError> {
    let work = AssertUnwindSafe(async { runner.run(job, control).await }).catch_unwind().await;
    work.unwrap_or_else(|_| Err(RunError { message: "the runner panicked".to_owned(), retry: false }))
}

/// Waits until a run goes on for longer than it may after it was asked to stop.
async fn overdue(control: &Control, grace: Duration) {
    control.told().await;
    sleep(grace).await;
}

/// What a run that ended by itself leaves.
fn judge(config: &WorkerConfig, job: &Job, ran: Result<Option<String>, RunError>) -> Settled {
    let error = match ran {
        Ok(None) => return Settled::done(None),
        Ok(Some(result)) => match bounds::json("result", &result, bounds::MAX_RESULT) {
            Ok(()) => return Settled::done(Some(result)),
            Err(error) => RunError { message: error.to_string(), retry: false },
        },
        Err(error) => error,
    };
    let (message, failures) = (bounds::message(&error.message), job.attempts.saturating_add(1));
    if error.retry && failures < job.max_attempts {
        Settled::again(message, now_micros().saturating_add(micros(config.wait_after(failures))))
    } else {
        Settled::failed(message)
    }
}
