//! Keys and signatures of the protocol: ECDSA over SHA-256 on two curves.

mod private_key;
mod public_key;

pub use private_key::{InvalidScalar, PrivateKey};
pub use public_key::{InvalidKey, InvalidSignature, PublicKey};
