//! What can go wrong around labels.

use crate::Rejection;

/// A failed read, write or step of a subscription.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused or could not be reached.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The lease on a labeler was lost or could not be had.
    #[error(transparent)]
    Records(#[from] records::Error),
    /// The labeler was paused or removed while something of it was under way.
    #[error("the labeler has been paused or removed")]
    Interrupted,
    /// What a hook put in the place of a label is none.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// A header `atproto-accept-labelers` that cannot be read.
    #[error("atproto-accept-labelers: {0}")]
    AcceptLabelers(String),
}

impl Error {
    /// Whether the same call may succeed later without any change to it.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Store(error) => error.is_transient(),
            Self::Records(error) => error.is_transient(),
            Self::Interrupted | Self::Rejected(_) | Self::AcceptLabelers(_) => false,
        }
    }
}
