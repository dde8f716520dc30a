//! `job`: what the script of a job says, and what it is told (spec/appview.md §5.11).

use std::time::Duration;

use lua::HostError;

use super::{Answer, Arguments, raw};
use crate::scripting::JobRun;

/// The longest wait, in seconds.
const MAX_WAIT: f64 = 3600.0;

/// Carries out a function of this table; without a job there is none.
pub(super) async fn answer(job: Option<&JobRun>, function: &str, arguments: &Arguments) -> Answer {
    let job = job.ok_or_else(|| HostError::new(format!("{function} is for jobs")))?;
    match function {
        "job.should_stop" => raw(&job.control.should_stop()),
        "job.progress" => progress(job, arguments),
        _ => wait(job, arguments).await,
    }
}

fn progress(job: &JobRun, arguments: &Arguments) -> Answer {
    let progress = arguments.at(0);
    if !progress.is_object() && !progress.is_array() {
        return Err(HostError::new("job.progress takes a table, such as { step = 1 }"));
    }
    job.control.progress(&progress.to_string()).map_err(|error| HostError::new(error.to_string()))?;
    raw(&())
}

async fn wait(job: &JobRun, arguments: &Arguments) -> Answer {
    let seconds = arguments.at(0).as_f64().filter(|seconds| (0.0..=MAX_WAIT).contains(seconds));
    let seconds =
        seconds.ok_or_else(|| HostError::new("job.wait takes a number of seconds from 0 to 3600"))?;
    job.control.wait(Duration::from_secs_f64(seconds)).await;
    raw(&())
}
