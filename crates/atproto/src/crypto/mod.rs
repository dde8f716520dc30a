//! Public keys and signatures of the protocol: ECDSA over SHA-256 on two curves.

mod public_key;

pub use public_key::{InvalidKey, InvalidSignature, PublicKey};
