//! What an admin hears when something about a background job does not work.

use jobs::JobError;
use server::Problem;

/// The operator's mistakes with the reason, ours without.
pub(super) fn problem(error: JobError) -> Problem {
    match error {
        JobError::NotFound { .. } => Problem::not_found("job not found"),
        JobError::Conflict { .. } => Problem::conflict(error.to_string()),
        JobError::Store(_) | JobError::Corrupt { .. } => Problem::internal(error),
        _ => Problem::bad_request(error.to_string()),
    }
}
