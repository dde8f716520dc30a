//! Asks publishers themselves what the stream may not have told.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use atproto::Nsid;
use futures::StreamExt;
use futures::stream;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::LexiconResolver;
use crate::lexicons::{Heard, SyncOutcome};
use crate::{Catalogue, Error, History};

/// Publishers asked at the same time.
const CONCURRENCY: usize = 8;

/// When to ask everybody again: whoever may define a lexicon is a matter of DNS, of which no stream tells.
const EVERYBODY: Duration = Duration::from_hours(6);

/// When to ask again a publisher that did not answer.
const RETRY: Duration = Duration::from_mins(10);

/// Whom to ask and what to do about the answers.
pub(crate) struct Asking {
    pub(crate) catalogue: Catalogue,
    pub(crate) resolver: LexiconResolver,
    pub(crate) history: History,
}

/// Fetches every network lexicon once: at start-up, because its publisher may have changed it meanwhile, and after it was
/// added, because they may have done so between the fetch that added it and the stream's first look at it. Failures
/// warn and leave the lexicon as it is. From time to time everybody is asked again, because DNS may name somebody else.
pub(crate) async fn keep_in_step(asking: Asking, stop: CancellationToken) {
    let mut refreshed = asking.catalogue.refreshed();
    let mut asked = HashSet::new();
    let mut since = Instant::now();
    loop {
        if since.elapsed() >= EVERYBODY {
            (asked, since) = (HashSet::new(), Instant::now());
        }
        // Marked before the table is read: a change in between is looked at once more.
        refreshed.mark_unchanged();
        let round = ask_all(&asking, &mut asked);
        let complete = tokio::select! {
            () = stop.cancelled() => return,
            complete = round => complete,
        };
        tokio::select! {
            () = stop.cancelled() => return,
            Ok(()) = refreshed.changed() => {}
            () = tokio::time::sleep(RETRY), if !complete => {}
            () = tokio::time::sleep(EVERYBODY.saturating_sub(since.elapsed())) => {}
        }
    }
}

/// Asks all publishers that were not asked with success before; whether all have answered now.
async fn ask_all(asking: &Asking, asked: &mut HashSet<String>) -> bool {
    let tracked = match asking.catalogue.lexicons().tracked().await {
        Ok(tracked) => tracked,
        Err(error) => {
            warn!(%error, "network lexicons cannot be listed");
            return false;
        }
    };
    asked.retain(|nsid| tracked.contains(nsid));
    let unasked: Vec<String> = tracked.iter().filter(|nsid| !asked.contains(*nsid)).cloned().collect();
    let answers = stream::iter(unasked).map(async |nsid| match ask(asking, &nsid).await {
        Ok(()) => Some(nsid),
        Err(error) => {
            warn!(nsid, %error, "network lexicon not refreshed; the one stored before stays");
            None
        }
    });
    let answered: Vec<Option<String>> = answers.buffer_unordered(CONCURRENCY).collect().await;
    asked.extend(answered.into_iter().flatten());
    asked.len() == tracked.len()
}

async fn ask(asking: &Asking, nsid: &str) -> Result<(), Error> {
    let Asking { catalogue, resolver, history } = asking;
    // What is in the table was an NSID when it was added.
    let Ok(nsid) = Nsid::parse(nsid) else { return Ok(()) };
    let published = resolver.resolve(&nsid).await?;
    let authority = published.authority_did.clone();
    let outcome = catalogue.lexicons().sync(published, Heard::ByAsking).await?;
    if let SyncOutcome::Replaced { history_wanted, .. } = outcome {
        info!(%nsid, "network lexicon refreshed from its publisher");
        catalogue.refresh().await?;
        if history_wanted {
            history.fetch_unwatched(&nsid, Some(authority.as_str())).await;
        }
    }
    Ok(())
}
