//! What handlers of both doors are given.

use std::sync::Arc;

use accounts::Vault;
use blobs::Bucket;
use cache::Cache;

use crate::client::Clients;
use crate::github::Github;
use crate::live::Relay;
use crate::presence::Presence;
use crate::push::PushService;
use crate::tokens::Tokens;
use crate::voice::Voice;

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct Services {
    /// The programs that clients are.
    pub(crate) clients: Clients,
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
    /// Where attachments and avatars are put, if not into the database.
    pub(crate) bucket: Option<Bucket>,
    /// Where people may say who they are.
    pub(crate) github: Arc<Github>,
    /// What tells devices, if anything does.
    pub(crate) push: Option<PushService>,
    /// The vendors that voice needs.
    pub(crate) voice: Voice,
}
