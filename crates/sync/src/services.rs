//! What handlers of both doors are given.

use std::ops::Deref;
use std::sync::Arc;

use accounts::Vault;
use blobs::Bucket;
use cache::Cache;
use url::Url;

use crate::client::Clients;
use crate::github::Github;
use crate::live::Relay;
use crate::presence::Presence;
use crate::push::PushService;
use crate::tokens::Tokens;
use crate::voice::Voice;

/// One for the whole app. Cheap to clone: every request and every socket holds one.
#[derive(Clone)]
pub(crate) struct Services(Arc<Shared>);

/// The parts of [`Services`].
pub(crate) struct Shared {
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
    pub(crate) github: Github,
    /// Where clients reach this server, if that is configured.
    pub(crate) public_url: Option<Url>,
    /// What tells devices, if anything does.
    pub(crate) push: Option<PushService>,
    /// The vendors that voice needs.
    pub(crate) voice: Voice,
}

impl Services {
    pub(crate) fn new(parts: Shared) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for Services {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
