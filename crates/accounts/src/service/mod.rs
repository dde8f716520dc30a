//! Who this server is to other servers, and who they speak for when they call it (spec/appview.md §3.4, §8.10).
//!
//! A PDS that is asked to proxy a request finds this server through a DID document, and sends a token signed with its
//! user's key along. So there are two halves: the identity (a DID, its keys, the services its document lists),
//! which operators choose once and then maintain, and [`Service::verify`], which believes a token only if it is meant
//! for this identity, for the method being called, for now, and for the first time.

mod api;
mod attach;
pub(crate) mod did;
mod document;
mod documents;
mod entries;
mod error;
mod fragment;
mod import;
mod instance;
mod methods;
mod plc;
mod profile;
mod snapshot;
mod verify;

use std::sync::{Arc, OnceLock};

use cache::Cache;
use events::EventLog;
use identity::Resolver;
use metrics::describe_counter;
use outbound::Outbound;
use store::Database;
use url::Url;

pub use documents::Documents;
pub use entries::{AccessMode, EntryChange, ServiceEntry};
pub use error::ServiceError;
pub use fragment::Fragment;
pub use import::{ImportedEntry, ImportedIdentity, ImportedMethod, ServiceImport};
pub use instance::{Choice, Mode, Published, ServiceIdentity, SetupStatus};
pub use methods::VerificationMethod;
pub use profile::Profile;
pub use verify::{Meant, Refusal, ServiceCall, VerifyError};

use self::snapshot::Snapshot;
use crate::{
    BrowserSessions, Domains, Users, Vault,
    pds::PdsSessions,
    recent::{Changes, Recent},
};

/// What the service identity is built on.
#[derive(Clone)]
pub struct ServiceParts {
    /// The durable database, opened with [`SCHEMAS`](crate::SCHEMAS).
    pub state: Database,
    /// Where used tokens are remembered, shared with other instances.
    pub cache: Cache,
    /// Seals the private keys.
    pub vault: Vault,
    /// Who signs tokens.
    pub resolver: Resolver,
    /// The way to the PLC directory.
    pub outbound: Outbound,
    /// The PLC directory.
    pub plc_url: Url,
    /// Where what happens is recorded.
    pub events: EventLog,
    /// Where this server answers.
    pub domains: Domains,
    /// Who may return from an attached account.
    pub users: Users,
    /// The sessions between which that switches.
    pub browser_sessions: BrowserSessions,
    /// What may be done at the PDS of an attached account.
    pub pds_sessions: PdsSessions,
}

/// The identity of this server among others. Cheap to clone; clones share their cache.
#[derive(Clone)]
pub struct Service {
    parts: Arc<ServiceParts>,
    changes: Changes,
    recent: Arc<Recent<(), Arc<Snapshot>>>,
    documents: Arc<OnceLock<Arc<dyn Documents>>>,
}

impl Service {
    /// The identity kept in the durable database.
    #[must_use]
    pub fn new(parts: ServiceParts) -> Self {
        describe_counter!("service_auth_tokens_total", "Service tokens presented, by what became of them");
        let changes = Changes::default();
        Self {
            parts: Arc::new(parts),
            recent: Arc::new(Recent::new(changes.clone())),
            changes,
            documents: Arc::default(),
        }
    }
}
