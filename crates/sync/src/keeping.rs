//! Forgets what is not needed any more: old updates, old pairing requests, accounts whose deletion was interrupted, objects of the
//! bucket that nothing refers to; and sockets whose tokens are gone.

use std::time::Duration;

use blobs::Bucket;
use clock::{micros, now_micros};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::Error;
use crate::account::finish_deletions;
use crate::attachments::remove_lost_objects;
use crate::auth::prune_pairings;
use crate::live::Relay;
use crate::updates::{Kept, find_old, prune};

/// How long updates are kept for clients that missed them. Everything they tell can also be read.
const KEPT: Duration = Duration::from_hours(72);

/// How many updates of one account are kept for them.
const KEPT_OF_ACCOUNT: i64 = 50_000;

/// How many bytes of them, without the contents of messages, which are kept anyway.
const KEPT_BYTES: i64 = 64 * 1024 * 1024;

const EVERY: Duration = Duration::from_mins(5);

/// How long a socket goes on with a token that was revoked where nobody could say so: by a command, or by an instance that does not
/// reach the cache.
const STRAYS: Duration = Duration::from_secs(10);

/// Until `stop`.
pub(crate) async fn run(relay: Relay, bucket: Option<Bucket>, stop: CancellationToken) {
    loop {
        if let Err(error) = forget(&relay, &stop).await {
            warn!(%error, "old updates were not forgotten; next time");
        }
        if let Err(error) = finish_deletions(relay.state()).await {
            warn!(%error, "an account is not deleted to the end; next time");
        }
        if let Some(bucket) = &bucket
            && let Err(error) = remove_lost_objects(relay.state(), bucket).await
        {
            warn!(%error, "objects of the bucket were not removed; next time");
        }
        if stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_none() {
            return;
        }
    }
}

/// Closes sockets whose tokens are gone, until `stop`.
pub(crate) async fn close_strays(relay: Relay, stop: CancellationToken) {
    while stop.run_until_cancelled(tokio::time::sleep(STRAYS)).await.is_some() {
        if let Err(error) = relay.close_strays().await {
            warn!(%error, "sockets whose tokens are gone were not looked for; next time");
        }
    }
}

/// In short transactions, because others write in between.
async fn forget(relay: &Relay, stop: &CancellationToken) -> Result<(), Error> {
    relay.state().write(prune_pairings).await?;
    loop {
        let kept = Kept { since: now_micros() - micros(KEPT), updates: KEPT_OF_ACCOUNT, bytes: KEPT_BYTES };
        let old = relay.list(move |conn| find_old(conn, kept)).await?;
        if old.is_empty() {
            return Ok(());
        }
        for old in old {
            loop {
                if stop.is_cancelled() {
                    return Ok(());
                }
                let old = old.clone();
                if relay.state().write(move |conn| prune(conn, &old)).await? {
                    break;
                }
            }
        }
    }
}
