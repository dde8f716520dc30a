//! Taking over the identity of another server, so that nobody who knows it notices that it moved.

mod entry;
mod identity;
mod method;

use events::EventLog;
use store::Database;

pub use entry::ImportedEntry;
pub use identity::ImportedIdentity;
pub use method::ImportedMethod;

use super::ServiceError;
use crate::Vault;
use atproto::crypto::PrivateKey;

/// Where to: a database that need not be the one of a running server. One that runs follows within seconds.
///
/// Services and keys come before the identity: what was published under its DID is known by their names.
#[derive(Clone, Copy, Debug)]
pub struct ServiceImport<'a> {
    /// The durable database.
    pub state: &'a Database,
    /// Seals the keys.
    pub vault: &'a Vault,
    /// Where what happens is recorded.
    pub events: &'a EventLog,
}

/// A key that was brought along: a P-256 scalar of 32 bytes.
fn private_key(scalar: &[u8]) -> Result<PrivateKey, ServiceError> {
    let scalar = <&[u8; 32]>::try_from(scalar).map_err(|_| ServiceError::ForeignKey)?;
    PrivateKey::p256(scalar).map_err(|_| ServiceError::ForeignKey)
}
