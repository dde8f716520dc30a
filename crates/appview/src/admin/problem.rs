//! What an admin hears when something does not work.

use server::Problem;

use crate::{Error, unresolved};

/// The operator's mistakes and other servers' failures with the reason, ours without.
pub(super) fn problem(error: Error) -> Problem {
    match error {
        Error::Store(_) | Error::Records(_) | Error::Find(_) => Problem::internal(error),
        Error::Resolve(error) => unresolved::problem(&error),
        Error::Publisher { .. } => Problem::bad_gateway(error.to_string()).caused_by(error),
        _ => Problem::bad_request(error.to_string()),
    }
}
