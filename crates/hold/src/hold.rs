//! The hold as others have it.

use std::sync::{Arc, Mutex};

use atproto::Did;
use blobs::BlobStore;
use store::Database;

use crate::stats::Counted;
use crate::{Captain, Tiers};

/// What a hold is made of.
pub struct HoldParts {
    /// Opened with this crate's schema.
    pub state: Database,
    /// The bytes.
    pub blobs: BlobStore,
    /// What others know it by.
    pub did: Did,
    /// To whom it belongs.
    pub captain: Captain,
    /// How much room members have.
    pub tiers: Tiers,
}

/// A hold. Cheap to clone.
#[derive(Clone)]
pub struct Hold(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) state: Database,
    pub(crate) blobs: BlobStore,
    did: Did,
    captain: Captain,
    pub(crate) tiers: Tiers,
    pub(crate) counted: Mutex<Counted>,
}

impl Hold {
    /// Opens it; nothing is read yet.
    #[must_use]
    pub fn new(parts: HoldParts) -> Self {
        let HoldParts { state, blobs, did, captain, tiers } = parts;
        Self(Arc::new(Inner { state, blobs, did, captain, tiers, counted: Mutex::default() }))
    }

    /// What others know it by.
    #[must_use]
    pub fn did(&self) -> &Did {
        &self.0.did
    }

    /// To whom it belongs.
    #[must_use]
    pub fn captain(&self) -> &Captain {
        &self.0.captain
    }

    /// How much room members have.
    #[must_use]
    pub fn tiers(&self) -> &Tiers {
        &self.0.tiers
    }

    /// The bytes.
    #[must_use]
    pub fn blobs(&self) -> &BlobStore {
        &self.0.blobs
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }
}
