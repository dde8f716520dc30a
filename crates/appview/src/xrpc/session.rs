//! In whose repository a call may write.

use accounts::pds::PdsSession;
use atproto::Did;
use server::{Principal, Problem};

use super::{Party, Xrpc};

/// 401 for callers without a session of their own.
pub(super) fn required() -> Problem {
    Problem::unauthorized("XRPC procedures require DPoP authentication")
}

/// The session of the caller with their PDS, or with that of an account that is shared with them. A job has that of its
/// creator with which it was made, and no other.
///
/// Whose repository it is follows from this alone; what a request says of a repository names none.
pub(super) async fn of(xrpc: &Xrpc, party: &Party, delegate: Option<&Did>) -> Result<PdsSession, Problem> {
    if let Some(creator) = party.creator() {
        return match delegate {
            None => Ok(creator.session(&xrpc.accounts.pds_sessions).await?),
            Some(_) => Err(Problem::forbidden("a job writes to the repository of its creator only")),
        };
    }
    let principal = &party.caller().ok_or_else(required)?.principal;
    match (principal, delegate) {
        // Another server may speak for somebody, but not write for them.
        (Principal::Service { .. }, _) => Err(required()),
        (principal, Some(account)) => Ok(xrpc.accounts.clients.delegated_session(principal, account).await?),
        (principal, None) => Ok(xrpc.accounts.pds_sessions.of(principal).await?),
    }
}
