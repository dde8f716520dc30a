//! Why a token or a key cannot be read.

use crate::data::DataError;

/// A text that is not a signed token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JwsError {
    /// Longer than any real token.
    #[error("the token is {bytes} bytes long, at most {limit} are allowed")]
    TooLong {
        /// Its length.
        bytes: usize,
        /// The bound.
        limit: usize,
    },
    /// Not three parts with dots between them.
    #[error("the token does not consist of header, payload and signature")]
    NotCompact,
    /// A part with characters, padding or bits that do not belong there.
    #[error("the {0} of the token is not base64url")]
    NotBase64Url(&'static str),
    /// A header or payload that is not acceptable as JSON.
    #[error("the {part} of the token cannot be read: {source}")]
    Unreadable {
        /// `header` or `payload`.
        part: &'static str,
        /// What is wrong with the JSON.
        source: DataError,
    },
    /// A header with `crit`: it names extensions that must be understood, and none is.
    #[error("the token demands extensions that are not supported")]
    CriticalExtension,
    /// Not 64 bytes.
    #[error("the signature of the token is not one on a 256-bit curve")]
    SignatureLength,
}

/// JSON that is not a key on P-256 of the kind wanted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidJwk {
    /// Not acceptable as JSON.
    #[error("the key cannot be read: {0}")]
    Unreadable(#[from] DataError),
    /// A key of another type or curve.
    #[error("the key is not of type EC on the curve P-256")]
    NotP256,
    /// A member that must be there is not, or is no base64url of 32 bytes.
    #[error("the member {0:?} of the key is not base64url of 32 bytes")]
    Coordinate(&'static str),
    /// Coordinates of no point of the curve.
    #[error("the key is not a point of its curve")]
    NotOnCurve,
    /// A private key where a public one belongs: whoever wrote this has published a secret.
    #[error("the key is private, and a public one was expected")]
    Private,
    /// A private key whose public half belongs to another one.
    #[error("the private and the public half of the key do not belong together")]
    Mismatch,
    /// A key that is restricted to something else than signatures by ES256.
    #[error("the key is not meant for signatures by ES256")]
    WrongUse,
}
