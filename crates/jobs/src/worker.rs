//! Taking up jobs.

use std::sync::Arc;
use std::time::Duration;

use clock::{micros, now_micros};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use crate::attend::Attendance;
use crate::{JobError, Jobs, Runner, WorkerConfig, telemetry};

/// More jobs are not run at once by one instance.
const MAX_CONCURRENCY: u32 = 32;

/// Between two rounds of forgetting.
const PRUNE_EVERY: Duration = Duration::from_hours(1);

/// Runs jobs, several at a time, beside those of other instances.
#[must_use = "jobs are run only while `Worker::run` runs"]
pub struct Worker {
    jobs: Jobs,
    runner: Arc<dyn Runner>,
    config: Arc<WorkerConfig>,
    /// Whether what an earlier life of this instance left behind has been given up.
    is_settled: bool,
}

impl Worker {
    pub(crate) fn new(jobs: Jobs, runner: Arc<dyn Runner>, config: WorkerConfig) -> Self {
        Self { jobs, runner, config: Arc::new(config), is_settled: false }
    }

    /// Runs jobs until the token is cancelled. What is under way is dropped then and begins again elsewhere or later,
    /// except that a job that was asked to stop has stopped.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut waiting = self.jobs.waiting();
        let mut running = JoinSet::new();
        let mut prune_at = Instant::now();
        while !stop.is_cancelled() {
            while let Some(ended) = running.try_join_next() {
                report(ended);
            }
            waiting.mark_unchanged();
            let look = self.look_around(&mut running, &stop).await;
            let pause = look.unwrap_or_else(|error| {
                warn!(%error, "looking for jobs; it will be tried again");
                self.config.poll
            });
            telemetry::running(running.len());
            if Instant::now() >= prune_at {
                prune_at = Instant::now() + PRUNE_EVERY;
                self.forget().await;
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = changed(&mut waiting) => {}
                Some(ended) = running.join_next() => report(ended),
                () = sleep(pause) => {}
            }
        }
        while let Some(ended) = running.join_next().await {
            report(ended);
        }
        telemetry::running(0);
    }

    /// Gives up the jobs of the dead and takes up what waits; how long nothing need be looked for.
    async fn look_around(
        &mut self,
        running: &mut JoinSet<()>,
        stop: &CancellationToken,
    ) -> Result<Duration, JobError> {
        self.give_up_the_dead().await?;
        let at_once = (self.config.tuning)().concurrency.clamp(1, MAX_CONCURRENCY);
        let places = at_once.saturating_sub(u32::try_from(running.len()).unwrap_or(u32::MAX));
        if places == 0 {
            return Ok(self.config.poll);
        }
        // Both from before the claim: no command is missed, and nothing is held for longer than the others think.
        let (told, claimed_at) = (self.jobs.told(), Instant::now());
        let claimed = self.jobs.claim(&self.config.instance, micros(self.config.lease), places).await?;
        for job in claimed {
            let attendance = Attendance {
                jobs: self.jobs.clone(),
                runner: Arc::clone(&self.runner),
                config: Arc::clone(&self.config),
                told: told.clone(),
                stop: stop.clone(),
            };
            running.spawn(attendance.run(job, claimed_at));
        }
        if running.len() >= at_once as usize {
            return Ok(self.config.poll);
        }
        let due = self.jobs.next_due().await?;
        let until_due = due.map(|due| due.saturating_sub(now_micros()).try_into().unwrap_or(0));
        Ok(until_due.map_or(self.config.poll, Duration::from_micros).min(self.config.poll))
    }

    /// Lets begin again, or stops, what those ran who are not there any more. Before this instance has taken up anything,
    /// that includes its own earlier life.
    async fn give_up_the_dead(&mut self) -> Result<(), JobError> {
        loop {
            let reborn = (!self.is_settled).then_some(self.config.instance.as_str());
            let recovered = self.jobs.recover(reborn).await?;
            if recovered.is_empty() {
                self.is_settled = true;
                return Ok(());
            }
            for job in &recovered {
                info!(job = job.id, status = %job.status, "the worker of a job went away");
                self.jobs.record_end(job);
            }
        }
    }

    async fn forget(&self) {
        match self.jobs.prune((self.config.tuning)().retention_days).await {
            Ok(0) => {}
            Ok(jobs) => info!(jobs, "old jobs are forgotten"),
            Err(error) => warn!(%error, "cannot forget old jobs; will try again in an hour"),
        }
    }
}

async fn changed(waiting: &mut watch::Receiver<()>) {
    // The sender is there as long as the jobs are, which the worker holds.
    let _ = waiting.changed().await;
}

fn report(ended: Result<(), JoinError>) {
    if let Err(error) = ended {
        error!(%error, "watching over a job failed; it begins again when its lease is over");
    }
}
