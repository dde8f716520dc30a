//! Why a move does not go on. Doing it again goes on from there.

use http::StatusCode;

use crate::auth::PasswordError;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Here.
    #[error(transparent)]
    Here(#[from] repos::Error),
    /// The hold.
    #[error(transparent)]
    Hold(#[from] hold::Error),
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The session with the PDS.
    #[error(transparent)]
    Session(#[from] PasswordError),
    /// The PDS does not answer.
    #[error(transparent)]
    Unreachable(#[from] outbound::Error),
    /// It does not take something.
    #[error("the PDS does not take {what}: {status} {message}")]
    Refused {
        /// A record or bytes.
        what: String,
        /// Its answer.
        status: StatusCode,
        /// Its words, shortened.
        message: String,
    },
    /// It says what no PDS says.
    #[error("the PDS cannot be used: {0}")]
    Strange(&'static str),
    /// A record names bytes that are not here.
    #[error("{0} names bytes that are not here")]
    Missing(String),
    /// Not all is there.
    #[error("{0} records are not at the PDS, or not as they are here; nothing was changed")]
    Unfinished(u64),
}
