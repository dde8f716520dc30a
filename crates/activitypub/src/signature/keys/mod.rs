//! Keys of actors: RSA from 2,048 bits on, and Ed25519.

mod multikey;
mod pem;
mod private_key;
mod public_key;
#[cfg(test)]
mod tests;

pub use private_key::PrivateKey;
pub use public_key::PublicKey;

/// What keys there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyType {
    /// RSA of 2,048 to 8,192 bits; signs with PKCS#1 v1.5 and SHA-256.
    Rsa,
    /// Ed25519.
    Ed25519,
}

impl KeyType {
    /// How RFC 9421 calls what it signs with.
    #[must_use]
    pub fn message_algorithm(self) -> &'static str {
        match self {
            Self::Rsa => "rsa-v1_5-sha256",
            Self::Ed25519 => "ed25519",
        }
    }

    /// How the draft calls it.
    #[must_use]
    pub fn draft_algorithm(self) -> &'static str {
        match self {
            Self::Rsa => "rsa-sha256",
            Self::Ed25519 => "hs2019",
        }
    }
}

/// What is wrong with a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not written as keys are.
    #[error("this is not a key in a form that is known here (PEM with PKCS#1, PKCS#8 or SPKI, or Multikey)")]
    Malformed,
    /// Not a kind of key that is used here, or too short, or too long.
    #[error("keys are RSA of 2,048 to 8,192 bits, or Ed25519")]
    Unsupported,
    /// The machine did not make one, or did not sign.
    #[error("the cryptographic library failed")]
    Library,
}
