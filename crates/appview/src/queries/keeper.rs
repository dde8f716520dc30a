//! Sees to it that there are the indexes that lexicons ask for.

use std::time::Duration;

use find::Find;
use find::index::{Built, Spec};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::{Catalogue, Error};

/// How often it is looked whether another instance has left something undone.
const INTERVAL: Duration = Duration::from_secs(5);

/// How long to wait after the database failed.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Declares, builds and removes indexes, one at a time.
pub(crate) struct Keeper {
    pub(crate) catalogue: Catalogue,
    pub(crate) find: Find,
    /// The name of this process among others.
    pub(crate) instance: String,
}

impl Keeper {
    /// Goes on until cancelled.
    pub(crate) async fn run(self, stop: CancellationToken) {
        let mut refreshed = self.catalogue.refreshed();
        let mut known: Option<(Vec<Spec>, Instant)> = None;
        while !stop.is_cancelled() {
            refreshed.mark_unchanged();
            let wait = match self.round(&mut known, &stop).await {
                Ok(()) => INTERVAL,
                Err(error) => {
                    warn!(%error, "indexes of queries cannot be kept; queries look at more records than they need to");
                    known = None;
                    AFTER_FAILURE
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                // A sender that is gone says nothing any more.
                woken = timeout(wait, refreshed.changed()) => {
                    if matches!(woken, Ok(Err(_))) {
                        sleep(wait).await;
                    }
                }
            }
        }
    }

    async fn round(
        &self,
        known: &mut Option<(Vec<Spec>, Instant)>,
        stop: &CancellationToken,
    ) -> Result<(), find::Error> {
        // What another process changed a moment ago counts: two instances must not undo what each other does.
        if self.catalogue.refresh().await.is_err() {
            return Ok(());
        }
        let specs = self.catalogue.specs();
        let is_known =
            known.as_ref().is_some_and(|(declared, at)| *declared == specs && at.elapsed() < 6 * INTERVAL);
        if !is_known {
            let declared = self.find.declare(specs.clone()).await?;
            if declared.added + declared.removed > 0 {
                info!(added = declared.added, removed = declared.removed, "indexes of queries");
            }
            for spec in &declared.refused {
                warn!(collection = %spec.collection, index = %spec.content, "no room for another index");
            }
            *known = Some((specs, Instant::now()));
        }
        while !stop.is_cancelled() && self.find.sweep_indexes().await? {}
        while !stop.is_cancelled()
            && let Some(built) = self.find.build_next(&self.instance, stop).await?
        {
            match built {
                Built::Ready(records) => info!(records, "an index of queries is complete"),
                Built::Lost | Built::Stopped => break,
            }
            // Lexicons may have changed meanwhile.
            if self.catalogue.specs() != known.as_ref().map(|(specs, _)| specs.clone()).unwrap_or_default() {
                break;
            }
        }
        Ok(())
    }
}

impl Catalogue {
    /// The indexes that all queries ask for, each once.
    pub(crate) fn specs(&self) -> Vec<Spec> {
        let mut specs: Vec<Spec> = Vec::new();
        for (_, shape) in self.shapes() {
            let new = shape.specs().into_iter().filter(|spec| !specs.contains(spec)).collect::<Vec<_>>();
            specs.extend(new);
        }
        specs
    }
}

/// Answers of the library as the appview's own.
impl From<find::Error> for Error {
    fn from(error: find::Error) -> Self {
        Self::Find(error)
    }
}
