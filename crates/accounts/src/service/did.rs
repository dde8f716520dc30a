//! The DIDs that mean this server.

use atproto::Did;
use url::Url;

use super::{Mode, Service, snapshot::Snapshot};
use crate::domains::Domain;

impl Service {
    /// Every DID that means this server at the moment: with [`Mode::DidWeb`] one for each of its domains, otherwise one at
    /// most. The first is that of the primary domain.
    pub(crate) fn dids(&self, snapshot: &Snapshot) -> Vec<Did> {
        let Some(identity) = &snapshot.identity else {
            return Vec::new();
        };
        match identity.mode {
            Mode::DidWeb => self.parts.domains.list().iter().filter_map(web).collect(),
            Mode::DidPlc => identity.registered.clone().into_iter().collect(),
            Mode::AttachAccount => identity.attached_account.clone().into_iter().collect(),
            Mode::NotExposed => Vec::new(),
        }
    }
}

/// The `did:web` of a domain. A port is part of it, with its colon escaped.
pub(crate) fn web(domain: &Domain) -> Option<Did> {
    let url = Url::parse(&domain.url).ok()?;
    let port = url.port().map(|port| format!("%3A{port}")).unwrap_or_default();
    Did::parse(&format!("did:web:{}{port}", url.host_str()?)).ok()
}
