//! What this crate counts.

use metrics::{counter, describe_counter, describe_gauge, gauge};

use crate::Status;

pub(crate) fn describe() {
    describe_gauge!("jobs_running", "background jobs that this instance runs");
    describe_counter!("jobs_runs_total", "runs of background jobs that ended, by what became of the job");
    describe_counter!("jobs_lost_total", "runs of background jobs that were given up: the lease was lost");
    describe_counter!("jobs_log_lines_dropped_total", "lines of job logs that came too fast to be kept");
}

pub(crate) fn running(jobs: usize) {
    gauge!("jobs_running").set(u32::try_from(jobs).unwrap_or(u32::MAX));
}

pub(crate) fn ended(status: Status) {
    counter!("jobs_runs_total", "status" => status.as_str()).increment(1);
}

pub(crate) fn lost() {
    counter!("jobs_lost_total").increment(1);
}

pub(crate) fn line_dropped() {
    counter!("jobs_log_lines_dropped_total").increment(1);
}
