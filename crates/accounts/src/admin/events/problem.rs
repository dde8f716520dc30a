//! From what went wrong with the event log to what the client is told.

use events::Error;
use server::Problem;

pub(super) fn of(error: Error) -> Problem {
    match error {
        Error::Position | Error::Severity(_) => Problem::bad_request(error.to_string()),
        Error::Store(_) => Problem::internal(error),
    }
}
