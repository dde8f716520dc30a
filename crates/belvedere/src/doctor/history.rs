//! How much of what was written before is here, and what could not be fetched.

use backfill::{Job, Status as JobStatus};
use events::EventLog;
use records::{CoverageState, Records};

use super::Finding;
use super::patient::{Opened, Patient};
use crate::backfills;

pub(super) async fn check(patient: &Patient) -> Vec<Finding> {
    let Opened::Open(store) = &patient.store else { return Vec::new() };
    let records = Records::new(store, crate::databases::projections());
    // Nothing is done here that an event would tell of.
    let (log, _) = EventLog::open(&store.state, None);
    let jobs = async { Ok(backfills::of_a_command(&patient.settings, store, log).await?.jobs().await?) };
    let jobs: anyhow::Result<Vec<Job>> = jobs.await;
    match (jobs, records.missing_counts().await) {
        (Ok(jobs), Ok(counts)) => {
            let mut findings = vec![at_work(&jobs)];
            findings.extend(stopped(&jobs));
            findings.push(missing(&counts));
            findings
        }
        (Err(error), _) => vec![Finding::fail(format!("{error:#}"), "see database")],
        (_, Err(error)) => vec![Finding::fail(error.to_string(), "see database")],
    }
}

fn at_work(jobs: &[Job]) -> Finding {
    let open: Vec<&Job> = jobs.iter().filter(|job| !job.status.is_final()).collect();
    Finding::ok(match open.first() {
        None => "no job is open".to_owned(),
        Some(newest) => {
            let (id, status) = (&newest.id, newest.status);
            format!("{} jobs are open, the newest is {status}: belvedere backfill watch {id}", open.len())
        }
    })
}

/// A job that could not go on, unless a later one has ended well.
fn stopped(jobs: &[Job]) -> Option<Finding> {
    let last = jobs.iter().find(|job| job.status.is_final())?;
    (last.status == JobStatus::Failed).then(|| {
        let error = last.error.as_deref().unwrap_or("no reason is known");
        Finding::warn(
            format!("the last job failed: {error}"),
            format!("when that is mended: belvedere backfill retry {}", last.id),
        )
    })
}

/// Repositories whose history is not here, although a job was there.
fn missing(counts: &[(CoverageState, i64)]) -> Finding {
    let count = |wanted| counts.iter().find(|(state, _)| *state == wanted).map_or(0, |(_, count)| *count);
    let [retrying, failed, quarantined] =
        [CoverageState::Retrying, CoverageState::Failed, CoverageState::Quarantined].map(count);
    match (retrying, failed, quarantined) {
        (0, 0, 0) => Finding::ok("no repository was left out"),
        (_, 0, 0) => Finding::ok(format!("{retrying} collections of repositories are tried again later")),
        _ => Finding::warn(
            format!(
                "of collections of repositories, {failed} could not be fetched, {quarantined} cannot be believed, \
                 {retrying} are tried again later"
            ),
            "`belvedere backfill missing` says why, `belvedere backfill retry ID` tries again what a job met",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Status;

    #[test]
    fn what_was_given_up_is_worth_a_look() {
        let status = |counts: &[(CoverageState, i64)]| missing(counts).status;
        assert_eq!(status(&[(CoverageState::Absent, 7)]), Status::Ok);
        assert_eq!(status(&[(CoverageState::Retrying, 3)]), Status::Ok);
        assert_eq!(status(&[(CoverageState::Failed, 1)]), Status::Warn);
        assert_eq!(status(&[(CoverageState::Quarantined, 1)]), Status::Warn);
    }
}
