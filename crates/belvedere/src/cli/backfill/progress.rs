//! A job as a bar that grows.

use std::time::{Duration, Instant};

use backfill::{HostProgress, Job};
use indicatif::{ProgressBar, ProgressStyle};

/// Over how long the speed is averaged.
const WINDOW: Duration = Duration::from_secs(5);

const TEMPLATE: &str = "{prefix} [{bar:30}] {human_pos}/{human_len} repos, {msg}";

/// The bar, drawn on standard error, and only if that is a terminal.
pub(super) struct Progress {
    bar: ProgressBar,
    /// Records at an earlier moment, to tell the speed.
    before: Option<(Instant, i64)>,
    records_per_second: i64,
}

impl Progress {
    pub(super) fn new() -> Self {
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            bar.set_style(style.progress_chars("=> "));
        }
        Self { bar, before: None, records_per_second: 0 }
    }

    pub(super) fn show(&mut self, job: &Job, hosts: &[HostProgress]) {
        self.measure(job.total_records);
        let done = hosts.iter().filter(|host| host.completed_repos >= host.total_repos).count();
        self.bar.set_prefix(job.status.to_string());
        self.bar.set_length(unsigned(job.total_repos));
        self.bar.set_position(unsigned(job.processed_repos));
        self.bar.set_message(format!(
            "{} records ({}/s), {done}/{} hosts done, {} failed",
            job.total_records,
            self.records_per_second,
            hosts.len(),
            job.failed_repos
        ));
    }

    pub(super) fn finish(self) {
        self.bar.finish_and_clear();
    }

    /// The speed since the window began; a new one begins when it is over.
    fn measure(&mut self, records: i64) {
        let now = Instant::now();
        let Some((then, at_first)) = self.before else {
            self.before = Some((now, records));
            return;
        };
        let millis = i64::try_from(now.duration_since(then).as_millis()).unwrap_or(i64::MAX);
        self.records_per_second = (records - at_first).max(0).saturating_mul(1000) / millis.max(1);
        if now.duration_since(then) >= WINDOW {
            self.before = Some((now, records));
        }
    }
}

fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}
