//! Why somebody could not be let in although nothing may be wrong with what they showed.

use std::error::Error as StdError;

use server::Problem;

/// What another part of the server says when it fails.
pub type Cause = Box<dyn StdError + Send + Sync>;

/// Something here, not the credential, is at fault.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// What instances share.
    #[error(transparent)]
    Cache(#[from] cache::Error),
    /// Sealing and opening.
    #[error(transparent)]
    Accounts(#[from] accounts::Error),
    /// What was opened is no key.
    #[error("the stored key of the registry is not a key on P-256")]
    Key,
    /// A part that this one asks: who may do what, local accounts.
    #[error(transparent)]
    Asked(Cause),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::internal(error)
    }
}
