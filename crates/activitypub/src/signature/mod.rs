//! Who sent a request: HTTP signatures in both forms that the fediverse speaks (spec/social.md §4.8).
//!
//! [`Signed::read`] does everything that needs no key: which form it is, what it covers, whether the time, the host and the
//! digest of the body are right. Only then is there a [`KeyId`] to look up, and only [`Signed::verify`] says that the request is
//! its owner's. [`Signer::sign`] is the other direction.

mod digest;
mod draft;
mod error;
mod form;
mod key_id;
mod keys;
mod message;
mod request;
mod signed;
mod signer;
mod window;

pub use digest::{content_digest, digest};
pub use error::SignatureError;
pub use form::Form;
pub use key_id::KeyId;
pub use keys::{KeyError, KeyType, PrivateKey, PublicKey};
pub use request::Request;
pub use signed::{Signed, Terms};
pub use signer::Signer;
pub use window::Window;

/// Bytes of each header of a signature, all its values together.
pub(crate) const MAX_HEADER: usize = 8 * 1024;

/// Headers and derived components that a signature may cover.
pub(crate) const MAX_COVERED: usize = 32;
