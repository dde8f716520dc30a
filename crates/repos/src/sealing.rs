//! How signing keys are kept: a need of this crate that the server's vault meets.

use atproto::Did;

/// Seals the signing keys of repositories for the database, and opens them again.
///
/// What is sealed for one DID must not open for another.
pub trait Sealing: Send + Sync + 'static {
    /// Seals the key of a repository.
    fn seal(&self, did: &Did, key: &[u8]) -> Result<Vec<u8>, SealError>;

    /// Opens it.
    fn open(&self, did: &Did, sealed: &[u8]) -> Result<Vec<u8>, SealError>;
}

/// Why a key cannot be sealed or opened.
pub type SealError = Box<dyn std::error::Error + Send + Sync>;
