//! The registry as its handlers have it.

use std::sync::Arc;

use atproto::Did;
use cache::Cache;
use hold::Hold;
use readthrough::ReadThrough;
use records::Records;

use crate::Owners;
use crate::auth::Auth;
use crate::authors::Authors;
use crate::browse::Browse;
use crate::contents::Contents;
use crate::history::History;
use crate::holds::Holds;
use crate::index::Index;
use crate::links::Links;
use crate::place::Place;
use crate::profile::Profiles;
use crate::pulls::Pulls;
use crate::turns::Turns;
use crate::uploads::{Seal, Staged};

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct Registry(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) auth: Auth,
    pub(crate) owners: Owners,
    pub(crate) authors: Authors,
    pub(crate) records: Records,
    pub(crate) readthrough: ReadThrough,
    pub(crate) history: History,
    pub(crate) index: Index,
    pub(crate) contents: Contents,
    pub(crate) links: Links,
    pub(crate) hold: Hold,
    pub(crate) holds: Holds,
    pub(crate) profiles: Profiles,
    pub(crate) pulls: Pulls,
    pub(crate) cache: Cache,
    pub(crate) seal: Seal,
    pub(crate) staged: Staged,
    pub(crate) turns: Turns,
    pub(crate) bounds: Bounds,
    pub(crate) browse: Browse,
}

/// How much is taken, and what is allowed.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Bytes of a manifest.
    pub manifest: usize,
    /// Bytes of a blob.
    pub blob: u64,
    /// Whether anything can be deleted.
    pub delete: bool,
    /// Whether an index may name manifests that are not here.
    pub sparse: bool,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { manifest: 8 << 20, blob: 64 << 30, delete: true, sparse: false }
    }
}

impl Registry {
    pub(crate) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }
}

impl Registry {
    /// The hold that a record names.
    pub(crate) fn place(&self, hold: Option<Did>) -> Place {
        Place::named(hold, self.hold.did())
    }
}

impl std::ops::Deref for Registry {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
