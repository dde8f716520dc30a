//! What handlers of both doors are given.

use accounts::Vault;
use cache::Cache;

use crate::live::Relay;
use crate::presence::Presence;
use crate::tokens::Tokens;

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct Services {
    /// The data, and whoever is told of its changes.
    pub(crate) relay: Relay,
    /// Who is who.
    pub(crate) tokens: Tokens,
    /// Who shows signs of life.
    pub(crate) presence: Presence,
    /// What all instances know for a while.
    pub(crate) cache: Cache,
    /// What seals the tokens that people leave here.
    pub(crate) vault: Vault,
}
