//! What an admin hears when something about a job does not work.

use backfill::JobError;
use server::Problem;

/// The contract has 400 where a job is in the wrong state (spec/appview.md §3.13).
pub(super) fn problem(error: JobError) -> Problem {
    match error {
        JobError::NotFound { .. } => Problem::not_found("backfill job not found"),
        JobError::Conflict { .. } => Problem::bad_request(error.to_string()),
        _ => Problem::internal(error),
    }
}
