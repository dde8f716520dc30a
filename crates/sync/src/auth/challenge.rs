//! Challenges that are good for one login, for clients that ask for one.
//!
//! The protocol lets a client choose what it signs, so whoever once saw a login can repeat it. A challenge from here begins
//! with a mark, and what has the mark is good once, and for a while.

use std::time::Duration;

use bytes::Bytes;
use cache::Cache;

use crate::wire::encode;

const MARK: &[u8; 8] = b"bvdchal1";
const LIFE: Duration = Duration::from_mins(5);

/// A new one, in base64.
pub(super) async fn issue(cache: &Cache) -> Result<String, cache::Error> {
    let challenge = [&MARK[..], &rand::random::<[u8; 32]>()].concat();
    let text = encode(&challenge);
    cache.set(&key(&text), Bytes::from_static(b"1"), LIFE).await?;
    Ok(text)
}

/// Whether somebody may log in with it, now and, if it is one of ours, never again.
pub(super) async fn use_up(cache: &Cache, challenge: &[u8]) -> Result<bool, cache::Error> {
    if !challenge.starts_with(MARK) {
        return Ok(true);
    }
    Ok(cache.take(&key(&encode(challenge))).await?.is_some() || faults::mutant!("sync-challenge-twice"))
}

fn key(challenge: &str) -> String {
    format!("sync:challenge:{challenge}")
}
