//! What the stream says about published lexicons (spec/appview.md §1.4, step 1).

use std::collections::HashMap;

use atproto::Nsid;
use futures::future::BoxFuture;
use records::{Decision, IngestHook, RecordAction, RecordEvent};
use tracing::{info, warn};

use super::SCHEMA_COLLECTION;
use crate::lexicons::{Heard, Published, SyncOutcome};
use crate::{Catalogue, Error, History, telemetry};

/// Takes over what publishers of network lexicons do, before the event that says so is written.
///
/// Repeating a batch changes nothing: revisions of the publisher's repository tell old from new.
pub(crate) struct LexiconHook {
    catalogue: Catalogue,
    history: History,
}

impl LexiconHook {
    pub(crate) fn new(catalogue: Catalogue, history: History) -> Self {
        Self { catalogue, history }
    }

    /// Takes over the event if it is about a lexicon of one of these authorities, given by NSID.
    async fn hear(
        &self,
        event: &RecordEvent,
        authorities: &HashMap<String, String>,
    ) -> Result<(), store::Error> {
        // Records under a key that is not exactly an NSID define nothing.
        let Some(nsid) =
            Nsid::parse(event.rkey.as_str()).ok().filter(|nsid| nsid.as_str() == event.rkey.as_str())
        else {
            return Ok(());
        };
        if authorities.get(nsid.as_str()).is_none_or(|did| did != event.did.as_str()) {
            return Ok(());
        }
        let changed = match self.apply(event, &nsid).await {
            Ok(changed) => changed,
            Err(Error::Store(error)) => return Err(error),
            Err(error) => {
                warn!(%nsid, did = %event.did, %error, "published lexicon refused; the one stored before stays");
                metrics::counter!(telemetry::REFUSED).increment(1);
                false
            }
        };
        if changed {
            info!(%nsid, did = %event.did, "network lexicon changed by its publisher");
            if let Err(error) = self.catalogue.refresh().await {
                // The change is durable; the task that follows the table takes it over as soon as that can be read.
                warn!(%nsid, %error, "changed lexicon not in effect yet");
            }
        }
        Ok(())
    }

    /// Whether it made a difference.
    async fn apply(&self, event: &RecordEvent, nsid: &Nsid) -> Result<bool, Error> {
        let lexicons = self.catalogue.lexicons();
        match &event.action {
            RecordAction::Put { json, .. } => {
                let published = Published {
                    nsid: nsid.clone(),
                    authority_did: event.did.clone(),
                    json: json.clone(),
                    rev: Some(event.rev),
                };
                let outcome = lexicons.sync(published, Heard::InStream).await?;
                if let SyncOutcome::Replaced { history_wanted: true, .. } = outcome {
                    self.history.fetch_unwatched(nsid, Some(event.did.as_str())).await;
                }
                Ok(matches!(outcome, SyncOutcome::Replaced { .. }))
            }
            RecordAction::Delete | RecordAction::Withhold { .. } => {
                lexicons.withdraw(nsid, &event.did, event.rev).await
            }
        }
    }
}

impl IngestHook for LexiconHook {
    fn wants(&self, collection: &Nsid) -> bool {
        collection == &*SCHEMA_COLLECTION
    }

    fn decide<'a>(&'a self, batch: &'a [RecordEvent]) -> BoxFuture<'a, Result<Vec<Decision>, store::Error>> {
        Box::pin(async move {
            // Asked of the table, not of the catalogue: another process may just have added one.
            let authorities = self.catalogue.lexicons().authorities().await?;
            let mut decisions = Vec::with_capacity(batch.len());
            for event in batch {
                self.hear(event, &authorities).await?;
                // Published lexicons are records too, for whoever has loaded their lexicon.
                let indexed = self.catalogue.is_collection(SCHEMA_COLLECTION.as_str());
                decisions.push(if indexed { Decision::Keep } else { Decision::Skip });
            }
            Ok(decisions)
        })
    }
}
