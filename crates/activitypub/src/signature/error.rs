//! Why a request is not believed.

use super::KeyError;

/// What is wrong with a request's signature; all of them are answered with 401 (spec/social.md §4.7).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// There is none.
    #[error("the request has no signature")]
    Missing,
    /// It is not written as its form wants it.
    #[error("the signature cannot be read: {0}")]
    Malformed(String),
    /// It says less than a receiver has to know.
    #[error("the signature does not cover {0}")]
    NotCovered(&'static str),
    /// What it covers is not in the request.
    #[error("the signature covers {0}, which the request does not have")]
    Absent(String),
    /// Made with something that is not spoken here, or not with this key.
    #[error("the signature's algorithm is not one for this: {0}")]
    Algorithm(String),
    /// Too old, from the future, or expired.
    #[error("the signature is not of now: {0}")]
    Time(&'static str),
    /// The request is for another server.
    #[error("the request is signed for another host")]
    Host,
    /// The body is not the one that was signed.
    #[error("the body is not what its digest says")]
    Digest,
    /// What names the key is no address of one.
    #[error("the signature's key id is not an http(s) address of at most 2,048 characters")]
    KeyId,
    /// The key's owner did not sign this.
    #[error("the signature does not verify with the key")]
    Wrong,
    /// The key that should sign cannot.
    #[error(transparent)]
    Key(#[from] KeyError),
}
