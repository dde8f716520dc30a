//! States: whose wish it is that comes back from GitHub (spec/sync.md §1.5).
//!
//! A state is sealed under a key of its own, so no token of an account is one, and none is such a token. It is good for a few
//! minutes, and once.

use std::time::Duration;

use accounts::{Purpose, Vault};
use aws_lc_rs::digest::{SHA256, digest};
use bytes::Bytes;
use cache::Cache;
use clock::micros;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde::{Deserialize, Serialize};

use super::denial::Denial;
use crate::Error;

const LIFE: Duration = Duration::from_mins(5);

/// It has no row.
const ROW: &str = "state";

#[derive(Deserialize, Serialize)]
struct Content<'a> {
    account: &'a str,
    /// In microseconds.
    expires_at: i64,
}

/// A new one of the account.
pub(super) fn issue(vault: &Vault, account: &str, now: i64) -> Result<String, Error> {
    let content = Content { account, expires_at: now + micros(LIFE) };
    let content = serde_json::to_vec(&content).map_err(|error| Error::Encoding(error.into()))?;
    let sealed = vault.seal(Purpose::GITHUB_STATES, ROW, &content)?;
    Ok(BASE64URL_NOPAD.encode(&sealed))
}

/// Whose it is, now and never again.
pub(super) async fn use_up(vault: &Vault, cache: &Cache, state: &str, now: i64) -> Result<String, Denial> {
    let account = read(vault, state, now).ok_or(Denial::InvalidState)?;
    let key = format!("sync:github:{}", HEXLOWER.encode(digest(&SHA256, state.as_bytes()).as_ref()));
    match cache.set_if_absent(&key, Bytes::from_static(b"1"), LIFE).await {
        Ok(true) => Ok(account),
        Ok(false) => Err(Denial::InvalidState),
        Err(error) => {
            tracing::warn!(%error, "whether a state was used already is not known");
            Err(Denial::ServerError)
        }
    }
}

fn read(vault: &Vault, state: &str, now: i64) -> Option<String> {
    let sealed = BASE64URL_NOPAD.decode(state.as_bytes()).ok()?;
    let opened = vault.unseal(Purpose::GITHUB_STATES, ROW, &sealed).ok()?;
    let Content { account, expires_at } = serde_json::from_slice(&opened).ok()?;
    (now < expires_at).then(|| account.to_owned())
}

#[cfg(test)]
mod tests {
    use accounts::VaultConfig;
    use cache::MemoryConfig;

    use super::*;

    fn vault(secret: &str) -> Vault {
        let config = VaultConfig {
            data_dir: "/nonexistent".as_ref(),
            master_secret: Some(secret),
            token_encryption_key: None,
        };
        Vault::open(&config).unwrap()
    }

    #[test]
    fn a_state_is_good_here_for_a_while() {
        let (ours, theirs) =
            (vault("the master secret of this server here"), vault("the one of another server entirely"));
        let state = issue(&ours, "c1", 1_000).unwrap();
        assert_eq!(read(&ours, &state, 1_000).as_deref(), Some("c1"));
        let end = 1_000 + micros(LIFE);
        assert_eq!(read(&ours, &state, end - 1).as_deref(), Some("c1"));
        assert_eq!(read(&ours, &state, end), None);
        assert_eq!(read(&theirs, &state, 1_000), None);
    }

    #[test]
    fn nothing_else_is_one() {
        let vault = vault("the master secret of this server here");
        let content = br#"{"account":"c1","expires_at":9000000000000000}"#;
        for (purpose, row) in [(Purpose::SYNC_TOKENS, ROW), (Purpose::GITHUB_STATES, "other")] {
            let sealed = vault.seal(purpose, row, content).unwrap();
            assert_eq!(read(&vault, &BASE64URL_NOPAD.encode(&sealed), 0), None);
        }
        let state = issue(&vault, "c1", 0).unwrap();
        for at in 0..state.len() {
            assert_eq!(read(&vault, &state[..at], 0), None);
            let mut damaged = state.clone().into_bytes();
            damaged[at] = if damaged[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(read(&vault, std::str::from_utf8(&damaged).unwrap(), 0), None, "{at}");
        }
        assert_eq!(read(&vault, "bv1.c0000000000000000000000000.x", 0), None);
    }

    #[tokio::test]
    async fn a_state_is_good_once() {
        let (vault, cache) =
            (vault("the master secret of this server here"), Cache::memory(MemoryConfig::default()));
        let (one, other) = (issue(&vault, "c1", 0).unwrap(), issue(&vault, "c1", 0).unwrap());
        assert_eq!(use_up(&vault, &cache, &one, 0).await.as_deref(), Ok("c1"));
        assert_eq!(use_up(&vault, &cache, &one, 0).await, Err(Denial::InvalidState));
        assert_eq!(use_up(&vault, &cache, &other, 0).await.as_deref(), Ok("c1"));
    }
}
