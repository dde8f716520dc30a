//! Why a proof is refused.

use crate::jose::{InvalidJwk, JwsError};

/// A proof that does not prove what it must.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DpopError {
    /// Not a token.
    #[error("the DPoP proof is malformed: {0}")]
    Malformed(#[from] JwsError),
    /// A token made for another purpose.
    #[error("the DPoP proof must have the type dpop+jwt")]
    WrongType,
    /// Any other algorithm, `none` included.
    #[error("the DPoP proof must be signed with ES256")]
    WrongAlgorithm,
    /// No key, or not one that may be in a proof.
    #[error("the DPoP proof has no usable key: {0}")]
    Key(#[from] InvalidJwk),
    /// Not signed by the key it names.
    #[error("the signature of the DPoP proof is not valid")]
    Signature,
    /// A claim that is absent or of the wrong type or size.
    #[error("the DPoP proof has no usable claim {0:?}")]
    Claim(&'static str),
    /// Made for a request with another method.
    #[error("the DPoP proof is for another method")]
    Method,
    /// Made for a request to another URL.
    #[error("the DPoP proof is for another URL")]
    Url,
    /// Too old.
    #[error("the DPoP proof has expired")]
    Expired,
    /// From a clock that is ahead of ours.
    #[error("the DPoP proof is from the future; check the clock it was made by")]
    FromTheFuture,
    /// Made to go with another access token, or with none.
    #[error("the DPoP proof is for another access token")]
    AccessToken,
}
