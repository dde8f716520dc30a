//! Why a service token is refused.

use crate::jose::JwsError;

/// A service token that does not authorize the request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServiceAuthError {
    /// Not a token.
    #[error("the service token is malformed: {0}")]
    Malformed(#[from] JwsError),
    /// A token of a kind that must not be mistaken for one.
    #[error("a token of type {0:?} is no service token")]
    WrongType(String),
    /// Any algorithm but the two of the protocol, `none` included.
    #[error("a service token must be signed with ES256 or ES256K")]
    WrongAlgorithm,
    /// An issuer that is not a DID.
    #[error("the issuer of the service token is not a DID")]
    Issuer,
    /// An audience that is not a DID, or not this service.
    #[error("the service token is for another service")]
    Audience,
    /// A method that is not an NSID, or not the one called; or no method.
    #[error("the service token is for another method")]
    Method,
    /// A claim that is of the wrong type or size, or absent although it must not be.
    #[error("the service token has no usable claim {0:?}")]
    Claim(&'static str),
    /// Past its end.
    #[error("the service token has expired")]
    Expired,
    /// Valid for longer than any service token should be.
    #[error("the service token is valid for more than an hour")]
    TooLongLived,
    /// Issued in the future.
    #[error("the service token is from the future; check the clock it was made by")]
    FromTheFuture,
    /// The account's key is on another curve than the one the token names.
    #[error("the service token was not signed on the curve of its issuer's key")]
    WrongCurve,
    /// Not signed by the account's key.
    #[error("the signature of the service token is not valid")]
    Signature,
}

impl ServiceAuthError {
    /// The name by which XRPC clients know the error.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Malformed(_) | Self::WrongAlgorithm | Self::Claim(_) => "BadJwt",
            Self::WrongType(_) => "BadJwtType",
            Self::Issuer => "BadJwtIss",
            Self::Audience => "BadJwtAudience",
            Self::Method => "BadJwtLexiconMethod",
            Self::Expired | Self::TooLongLived | Self::FromTheFuture => "JwtExpired",
            Self::WrongCurve | Self::Signature => "BadJwtSignature",
        }
    }
}
