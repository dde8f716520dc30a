//! One question about an account's voice at a time, on all instances together.

use std::sync::Arc;
use std::time::Duration;

use cache::{Cache, Lease};
use tokio::time::{Instant, sleep, timeout};

use super::Refusal;
use crate::Error;

/// For everything that vendors are asked in one turn.
const WORK: Duration = Duration::from_secs(20);

/// Longer than the work, so that nobody comes in between.
const HELD: Duration = Duration::from_secs(25);

/// How long others wait for their turn; with the work itself, less than a request may take.
const WAIT: Duration = Duration::from_secs(5);

const AGAIN: Duration = Duration::from_millis(50);

/// Does the work in the account's turn and to its end, also when the caller goes away. `words` are for a cache or vendors that
/// do not answer: what costs money is not done blindly.
pub(super) async fn in_turn<T: Send + 'static>(
    cache: Cache,
    account: Arc<str>,
    words: &'static str,
    work: impl Future<Output = Result<T, Refusal>> + Send + 'static,
) -> Result<T, Refusal> {
    let turn = async move {
        let lease = take(&cache, &account, words).await?;
        let done = timeout(WORK, work).await.unwrap_or(Err(Refusal::Failed(words)));
        if let Err(error) = lease.release().await {
            tracing::debug!(%error, "a turn ends by itself");
        }
        done
    };
    tokio::spawn(turn).await.unwrap_or_else(|_| Err(Error::Ended.into()))
}

async fn take(cache: &Cache, account: &str, words: &'static str) -> Result<Lease, Refusal> {
    let (key, until) = (format!("sync:voice:turn:{account}"), Instant::now() + WAIT);
    loop {
        match cache.try_lock(&key, HELD).await {
            Ok(Some(lease)) => return Ok(lease),
            Ok(None) if Instant::now() < until => sleep(AGAIN).await,
            Ok(None) => return Err(Refusal::too_many()),
            Err(error) => return Err(Refusal::because(words)(error)),
        }
    }
}
