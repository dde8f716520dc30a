//! The handle everything else holds.

use std::sync::Arc;

use store::{Database, Store};
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::directory::Directory;
use crate::nodes::NodeCache;
use crate::{Error, Limits, Sealing};

/// What repositories are built on.
pub struct ReposParts {
    /// Opened with this crate's schemas.
    pub store: Store,
    /// What seals signing keys.
    pub sealing: Arc<dyn Sealing>,
    /// Where this server is reached: the PDS of everybody who is at home here.
    pub origin: Url,
    /// Bounds.
    pub limits: Limits,
}

/// The repositories that are at home here. Cheap to clone.
#[derive(Clone)]
pub struct Repos {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) state: Database,
    pub(crate) sealing: Arc<dyn Sealing>,
    pub(crate) limits: Limits,
    pub(crate) nodes: NodeCache,
    pub(crate) directory: Directory,
    /// The number of the newest event of this process: it only wakes.
    pub(crate) committed: watch::Sender<i64>,
    pub(crate) exports: Arc<Semaphore>,
    pub(crate) subscribers: Arc<Semaphore>,
    /// Cancelled when the server stops, so that streams end.
    pub(crate) closing: CancellationToken,
}

impl Repos {
    /// Reads who is at home here.
    pub async fn open(parts: ReposParts) -> Result<Self, Error> {
        let ReposParts { store, sealing, origin, limits } = parts;
        let shared = Shared {
            directory: Directory::new(&origin),
            state: store.state,
            sealing,
            nodes: NodeCache::default(),
            committed: watch::Sender::new(0),
            exports: Arc::new(Semaphore::new(limits.exports)),
            subscribers: Arc::new(Semaphore::new(limits.subscribers)),
            closing: CancellationToken::new(),
            limits,
        };
        let repos = Self { shared: Arc::new(shared) };
        repos.refresh().await?;
        Ok(repos)
    }

    /// Whom the resolver finds here: for [`identity::ResolverConfig::local`].
    #[must_use]
    pub fn directory(&self) -> Directory {
        self.shared.directory.clone()
    }

    /// Changes whenever a transaction of this process has added to the log. It only wakes: what happened is read with
    /// [`subscribe`](Self::subscribe).
    #[must_use]
    pub fn committed(&self) -> watch::Receiver<i64> {
        self.shared.committed.subscribe()
    }

    pub(crate) fn announce(&self, seq: i64) {
        self.shared.committed.send_if_modified(|known| {
            let newer = seq > *known;
            *known = seq.max(*known);
            newer
        });
    }

    /// Reads the directory anew if it has changed.
    pub(crate) async fn refresh(&self) -> Result<(), Error> {
        let directory = self.shared.directory.clone();
        self.shared.state.read(move |conn| directory.load(conn)).await
    }
}

impl std::fmt::Debug for Repos {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Repos").field("limits", &self.shared.limits).finish_non_exhaustive()
    }
}
