//! Why an app password's session is of no use.

use super::super::Error;

/// A PDS that cannot be asked with an app password. An answer of the PDS is never one of these, except that it refuses
/// the password or the session.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// It is not the account's password, or the account may not log in with it.
    #[error("the PDS does not take the password")]
    Refused,
    /// The PDS has had enough of this account for a while.
    #[error("the PDS takes no more logins of this account for a while")]
    TooMany,
    /// The session is over: the app password was revoked, or not used for long.
    #[error("the session with the PDS has ended; log in again")]
    Ended,
    /// Somebody else is renewing the session, and it takes too long.
    #[error("the session with the PDS is being renewed; try again in a moment")]
    Busy,
    /// The PDS does not answer.
    #[error("{0}")]
    Unreachable(#[from] outbound::Error),
    /// The PDS answers what no PDS may answer.
    #[error("the PDS cannot be used: {0}")]
    Misbehaved(&'static str),
    /// The fault is here.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<cache::Error> for PasswordError {
    fn from(error: cache::Error) -> Self {
        Self::Failed(error.into())
    }
}
