//! A session with a PDS, from its first tokens to its end.

mod call;
mod end;
mod find;
mod info;
mod open;
mod renew;
mod request;
mod row;
mod save;
mod tokens;
mod upload;
mod verify;

use std::sync::Arc;

use cache::Cache;
use identity::Resolver;
use outbound::Outbound;
use store::Database;
use tokio_util::task::TaskTracker;

pub use call::PdsSession;
pub use info::SessionInfo;
pub use request::{PdsAnswer, PdsCall};
pub use save::{Holder, NewPdsSession};
pub use verify::TokenOwner;

use self::renew::Renewals;
use super::{authority::Authorities, nonces::Nonces};
use crate::Vault;

/// What sessions are built on.
#[derive(Clone)]
pub struct PdsParts {
    /// The durable database, opened with [`SCHEMAS`](crate::SCHEMAS).
    pub state: Database,
    /// What is short-lived, shared with other instances.
    pub cache: Cache,
    /// The way to other servers.
    pub outbound: Outbound,
    /// Who is behind a DID or a handle.
    pub resolver: Resolver,
    /// Seals tokens and keys.
    pub vault: Vault,
}

/// All sessions with PDSes. Cheap to clone; clones share what is under way.
#[derive(Clone)]
pub struct PdsSessions {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    pub(super) state: Database,
    pub(super) outbound: Outbound,
    pub(super) resolver: Resolver,
    pub(super) vault: Vault,
    pub(super) authorities: Authorities,
    nonces: Arc<Nonces>,
    renewals: Renewals,
    /// What must be finished although nobody waits for it.
    errands: TaskTracker,
}

impl PdsSessions {
    /// The sessions kept in the durable database.
    #[must_use]
    pub fn new(parts: PdsParts) -> Self {
        let PdsParts { state, cache, outbound, resolver, vault } = parts;
        let nonces = Arc::<Nonces>::default();
        let authorities = Authorities { outbound: outbound.clone(), cache, nonces: nonces.clone() };
        let shared = Shared {
            state,
            outbound,
            resolver,
            vault,
            authorities,
            nonces,
            renewals: Renewals::default(),
            errands: TaskTracker::new(),
        };
        Self { shared: Arc::new(shared) }
    }
}
