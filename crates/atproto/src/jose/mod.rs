//! Signed tokens and the keys they name: JSON Web Signatures and Keys (RFC 7515, RFC 7517), as far as the protocol uses
//! them.
//!
//! Tokens are in compact form, signed with ECDSA over SHA-256 (`ES256`, `ES256K`); keys in JSON are on P-256.

mod base64url;
mod claims;
mod error;
mod jws;
mod key_set;
mod private_jwk;
mod public_jwk;

pub(crate) use base64url::{decode, encode, sha256};
pub(crate) use claims::numeric_date;
pub use error::{InvalidJwk, JwsError};
pub(crate) use jws::{Jws, sign};
pub use key_set::JwkSet;
pub use private_jwk::PrivateJwk;
pub use public_jwk::PublicJwk;
