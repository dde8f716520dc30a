//! Hands what happens to everybody who looks on at this instance.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use moka::sync::Cache;
use social::{Id, Told, Visibility};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use super::facts::{Happening, read};
use crate::services::Services;

/// Streams of this instance at once.
const MAX_STREAMS: usize = 4096;

/// What waits for the slowest of them; whoever is further behind is cut off, and reads the timeline again.
const BACKLOG: usize = 256;

/// Public thoughts that are remembered, so that it can be told that they are gone.
const MAX_REMEMBERED: u64 = 20_000;

const AGAIN: Duration = Duration::from_secs(2);

/// Everybody who looks on.
pub(crate) struct Streams {
    happenings: broadcast::Sender<Arc<Happening>>,
    places: Arc<Semaphore>,
    pub(super) closing: CancellationToken,
    public: Cache<Id, ()>,
}

impl Streams {
    pub(crate) fn new() -> Self {
        Self {
            happenings: broadcast::channel(BACKLOG).0,
            places: Arc::new(Semaphore::new(MAX_STREAMS)),
            closing: CancellationToken::new(),
            public: Cache::new(MAX_REMEMBERED),
        }
    }

    /// A place, if there is one, and what happens from now on.
    pub(super) fn join(&self) -> Option<(OwnedSemaphorePermit, broadcast::Receiver<Arc<Happening>>)> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        Some((place, self.happenings.subscribe()))
    }

    /// Whether a thought that is gone was public.
    pub(super) fn was_public(&self, id: Id) -> bool {
        self.public.contains_key(&id)
    }

    /// Without anybody who looks on nothing is read.
    async fn tell(&self, services: &Services, told: Told) {
        if self.happenings.receiver_count() == 0 {
            return;
        }
        let facts = match told {
            Told::Thought { id, .. } | Told::Edited { id, .. } => {
                match services.state().read_brief(move |conn| read(conn, Id(id))).await {
                    Ok(Some(facts)) => Some(facts),
                    Ok(None) => return,
                    Err(error) => {
                        debug!(%error, "what happened cannot be read");
                        return;
                    }
                }
            }
            _ => None,
        };
        if let (Told::Thought { id, .. }, Some(facts)) = (&told, &facts)
            && facts.visibility == Visibility::Public
        {
            self.public.insert(Id(*id), ());
        }
        // Fails where the last one has just gone.
        _ = self.happenings.send(Arc::new(Happening { told, facts }));
    }
}

/// Until `stop`.
pub(crate) async fn run(services: Services, stop: CancellationToken) {
    let work = async {
        loop {
            match services.social.live().listen().await {
                Ok(mut told) => {
                    while let Some(told) = told.next().await {
                        // What was missed is not told: clients read their timelines when they come back.
                        if let Some(told) = told {
                            services.streams.tell(&services, told).await;
                        }
                    }
                }
                Err(error) => warn!(%error, "what happens is not heard of; trying again"),
            }
            tokio::time::sleep(AGAIN).await;
        }
    };
    stop.run_until_cancelled(work).await;
    services.streams.closing.cancel();
}
