//! How often somebody may be wrong.

use std::net::IpAddr;
use std::time::Duration;

use cache::Cache;

use super::LoginError;
use crate::auth::tokens::now_seconds;

/// Failures of one account, and of one address, within one window.
const MAX: i64 = 10;

/// The length of a window, in seconds. Windows begin at multiples of it, so that everybody knows when one ends.
const WINDOW: i64 = 600;

/// Counts failures, on all instances together.
pub(super) struct Failures {
    pub(super) cache: Cache,
}

/// A try that counts as a failure until it is known to be none: so a thousand at the same time are a thousand, too.
pub(super) struct Attempt<'f> {
    failures: &'f Failures,
    keys: Vec<String>,
}

impl Failures {
    /// Whether `account` may be tried again from this address.
    pub(super) async fn begin(
        &self,
        account: &str,
        client: Option<IpAddr>,
    ) -> Result<Attempt<'_>, LoginError> {
        let now = now_seconds();
        let window = now / WINDOW;
        let account = format!("registry:failures:{window}:account:{account}");
        let client = client.map(|client| format!("registry:failures:{window}:client:{}", network(client)));
        let keys: Vec<String> = [Some(account), client].into_iter().flatten().collect();
        let mut is_over = false;
        for key in &keys {
            is_over |= self.add(key, 1).await? > MAX;
        }
        if is_over {
            let left = u64::try_from((window + 1) * WINDOW - now).unwrap_or_default();
            return Err(LoginError::TooMany { retry_after: Duration::from_secs(left) });
        }
        Ok(Attempt { failures: self, keys })
    }

    async fn add(&self, key: &str, by: i64) -> Result<i64, cache::Error> {
        self.cache.increment(key, by, Duration::from_secs(WINDOW.unsigned_abs())).await
    }
}

impl Attempt<'_> {
    /// It does not count.
    pub(super) async fn was_no_failure(self) -> Result<(), cache::Error> {
        for key in &self.keys {
            self.failures.add(key, -1).await?;
        }
        Ok(())
    }
}

/// Who has one address of IPv6 has as many as they like next to it.
fn network(client: IpAddr) -> String {
    match client {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}
