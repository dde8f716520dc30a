//! What a client hears when a name leads nowhere.

use identity::Error;
use server::Problem;

/// 502 if somebody else's server is in the way, 400 if the name itself is at fault; the message names the step that
/// failed.
pub(crate) fn problem(error: &Error) -> Problem {
    let text = error.to_string();
    let problem = if is_upstream(error) { Problem::bad_gateway(text) } else { Problem::bad_request(text) };
    problem.caused_by(error.clone())
}

fn is_upstream(error: &Error) -> bool {
    match error {
        Error::DidUnavailable { .. }
        | Error::HandleUnavailable { .. }
        | Error::AuthorityUnavailable { .. } => true,
        Error::UnresolvedAuthority { cause, .. } => is_upstream(cause),
        _ => false,
    }
}
