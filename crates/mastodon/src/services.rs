//! What handlers are given.

use std::ops::Deref;
use std::sync::Arc;

use cache::Cache;
use moka::sync::Cache as Recent;
use social::media::MediaStore;
use social::{Addresses, Social};
use store::Database;

use crate::instance::Numbers;
use crate::oauth::Tokens;
use crate::streaming::Streams;

/// One for the whole app. Cheap to clone: every request and every stream holds one.
#[derive(Clone)]
pub(crate) struct Services(Arc<Shared>);

/// The parts of [`Services`].
pub(crate) struct Shared {
    /// The microblog.
    pub(crate) social: Social,
    /// Who may do what.
    pub(crate) tokens: Tokens,
    /// What all instances know for a while.
    pub(crate) cache: Cache,
    /// Where pictures are kept.
    pub(crate) media: MediaStore,
    /// Whoever looks on.
    pub(crate) streams: Streams,
    /// How many use this server, counted lately.
    pub(crate) numbers: Recent<(), Numbers>,
}

impl Services {
    pub(crate) fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }

    pub(crate) fn state(&self) -> &Database {
        self.social.state()
    }

    /// Origin and base path, no slash at its end.
    pub(crate) fn base(&self) -> &str {
        self.addresses().base()
    }

    /// What everything here is called.
    pub(crate) fn addresses(&self) -> &Addresses {
        self.social.addresses()
    }
}

impl Deref for Services {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
