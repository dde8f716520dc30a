//! What an admin hears when something does not work.

use http::StatusCode;
use server::Problem;

use crate::Error;

/// The operator's mistakes with the reason, ours without.
pub(super) fn problem(error: Error) -> Problem {
    match error {
        Error::Store(_) => Problem::internal(error),
        Error::Resolve(ref reason) if reason.is_upstream() => {
            Problem::new(StatusCode::BAD_GATEWAY, reason.to_string()).caused_by(error)
        }
        _ => Problem::bad_request(error.to_string()),
    }
}
