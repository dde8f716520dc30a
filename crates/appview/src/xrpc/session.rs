//! In whose repository a call may write.

use accounts::pds::PdsSession;
use atproto::Did;
use server::{Caller, Principal, Problem};

use super::Xrpc;

/// 401 for callers without a session of their own.
pub(super) fn required() -> Problem {
    Problem::unauthorized("XRPC procedures require DPoP authentication")
}

/// The session of the caller with their PDS, or with that of an account that is shared with them.
///
/// Whose repository it is follows from this alone; what a request says of a repository names none.
pub(super) async fn of(
    xrpc: &Xrpc,
    caller: Option<&Caller>,
    delegate: Option<&Did>,
) -> Result<PdsSession, Problem> {
    let principal = &caller.ok_or_else(required)?.principal;
    match (principal, delegate) {
        // Another server may speak for somebody, but not write for them.
        (Principal::Service { .. }, _) => Err(required()),
        (principal, Some(account)) => Ok(xrpc.accounts.clients.delegated_session(principal, account).await?),
        (principal, None) => Ok(xrpc.accounts.pds_sessions.of(principal).await?),
    }
}
