//! The entry point: one value through which every identity is looked up.

use std::sync::Arc;

use atproto::{AtIdentifier, Did, Handle, Nsid};
use outbound::Outbound;

use crate::config::ResolverConfig;
use crate::error::Error;
use crate::identity::Identity;
use crate::memory::Memory;
use crate::verified::Verified;
use crate::{did, handle, lexicon, telemetry};

/// Looks up DIDs, handles and lexicon authorities, and remembers them. Cheap to clone; clones share the memory.
#[derive(Clone)]
pub struct Resolver {
    parts: Arc<Parts>,
}

struct Parts {
    outbound: Outbound,
    config: ResolverConfig,
    identities: Memory<Did, Arc<Identity>>,
    handles: Memory<Handle, Did>,
    /// Keyed by domain, which all schemas below it share.
    authorities: Memory<String, Did>,
}

impl Resolver {
    /// A resolver with an empty memory that asks through `outbound`.
    #[must_use]
    pub fn new(outbound: Outbound, config: ResolverConfig) -> Self {
        telemetry::describe();
        let parts = Parts {
            identities: Memory::new("did", &config),
            handles: Memory::new("handle", &config),
            authorities: Memory::new("lexicon_authority", &config),
            outbound,
            config,
        };
        Self { parts: Arc::new(parts) }
    }

    /// The account with this DID, as its document describes it.
    pub async fn resolve_did(&self, did: &Did) -> Result<Arc<Identity>, Error> {
        let Parts { outbound, config, identities, .. } = &*self.parts;
        if let Some(identity) = config.local.as_deref().and_then(|local| local.by_did(did)) {
            return Ok(identity);
        }
        identities.get(did, did::resolve(outbound, config, did)).await
    }

    /// The DID a handle leads to. Whether that account calls itself so is another question: see
    /// [`verified`](Self::verified).
    pub async fn resolve_handle(&self, handle: &Handle) -> Result<Did, Error> {
        let Parts { outbound, config, handles, .. } = &*self.parts;
        if let Some(did) = config.local.as_deref().and_then(|local| local.by_handle(handle)) {
            return Ok(did);
        }
        handles.get(handle, handle::resolve(outbound, config, handle)).await
    }

    /// The account with this name, and the handle it may be shown with: the one its document claims, if that leads
    /// back to its DID.
    ///
    /// Asked for a handle that leads to an account which calls itself otherwise, this returns the account without
    /// that handle. A handle that cannot be looked up right now counts as not confirmed.
    pub async fn verified(&self, name: &AtIdentifier) -> Result<Verified, Error> {
        let did = match name {
            AtIdentifier::Did(did) => did.clone(),
            AtIdentifier::Handle(handle) => self.resolve_handle(handle).await?,
        };
        let identity = self.resolve_did(&did).await?;
        let mut handle = identity.handle.clone();
        if let Some(claimed) = &handle
            && self.resolve_handle(claimed).await.ok() != Some(did)
        {
            handle = None;
        }
        Ok(Verified { identity, handle })
    }

    /// Forgets the document of `did` and the handle it claimed: something said that they changed.
    pub async fn invalidate(&self, did: &Did) {
        let Parts { identities, handles, .. } = &*self.parts;
        if let Some(Identity { handle: Some(handle), .. }) = identities.known(did).await.as_deref() {
            handles.invalidate(handle).await;
        }
        identities.invalidate(did).await;
    }

    /// Fetches the document of `did` anew: a signature did not verify, or the PDS did not answer. If the document
    /// cannot be fetched either, what was known stands; if it was fetched within the last seconds, it is not
    /// fetched again.
    pub async fn refresh(&self, did: &Did) -> Result<Arc<Identity>, Error> {
        self.parts.identities.expire(did).await;
        self.resolve_did(did).await
    }

    /// The DID that may define this schema.
    pub async fn lexicon_authority(&self, nsid: &Nsid) -> Result<Did, Error> {
        let Parts { outbound, authorities, .. } = &*self.parts;
        let domain = nsid.authority();
        authorities.get(&domain, lexicon::authority(outbound, &domain)).await
    }
}

impl std::fmt::Debug for Resolver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resolver").field("config", &self.parts.config).finish_non_exhaustive()
    }
}
