//! Signing in on this server's pages, by OAuth with the authorization server of one's PDS (spec/appview.md §3.9).
//!
//! [`begin`](SignIn::begin) lodges a request and says where to send the browser; [`complete`](SignIn::complete) takes what
//! it comes back with. What connects the two is in the cache for ten minutes, sealed, and good for one use.

mod admit;
mod app;
mod begin;
mod complete;
mod destination;
mod end;
mod pending;
mod ticket;
mod visit;
mod who;

use std::sync::Arc;

use cache::Cache;
use store::Database;

pub(super) use begin::SignInRequest;
pub use visit::Departure;

use super::{PdsError, PdsSessions, oauth_client::OAuthClient};
use crate::{BrowserSessions, Domains, Error, Service, Settings, Users, Vault};

/// What signing in is built on.
#[derive(Clone)]
pub struct SignInParts {
    /// The durable database, opened with [`SCHEMAS`](crate::SCHEMAS).
    pub state: Database,
    /// Where sign-ins under way are, shared with other instances.
    pub cache: Cache,
    /// Seals them.
    pub vault: Vault,
    /// What a sign-in leads to.
    pub sessions: PdsSessions,
    /// The browser's side of it.
    pub browser_sessions: BrowserSessions,
    /// Who may sign in.
    pub users: Users,
    /// Which account may sign in besides, to be attached.
    pub service: Service,
    /// Where this server answers.
    pub domains: Domains,
    /// What it calls itself.
    pub settings: Settings,
    /// A path in front of all others, e.g. `/hv`; usually empty. It has no slash at its end.
    pub base_path: String,
}

/// Signing in and out of this server's pages. Cheap to clone.
#[derive(Clone)]
pub struct SignIn {
    pub(super) parts: Arc<SignInParts>,
}

impl SignIn {
    /// Sign-ins that lead to `parts.sessions`.
    #[must_use]
    pub fn new(parts: SignInParts) -> Self {
        Self { parts: Arc::new(parts) }
    }

    /// The OAuth client that this server is at `host`: that of the domain, else of the primary one.
    pub(super) fn client(&self, host: Option<&str>) -> Result<OAuthClient, PdsError> {
        let SignInParts { domains, base_path, .. } = &*self.parts;
        let domain = host.and_then(|host| domains.at_host(host)).or_else(|| domains.primary());
        let domain = domain.ok_or_else(|| Error::NoSuchDomain("primary".into()))?;
        Ok(OAuthClient::of(&domain, base_path))
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.parts.settings
    }
}
