//! A device asks to be let in, somebody approves it in a browser, and the device fetches its secret (RFC 8628,
//! spec/registry.md §2.4).
//!
//! Each step is one operation on one key of the cache: what was asked never changes, the user code is used up by whoever
//! decides, and the decision is used up by whoever fetches the secret. So there is one decision and one device, whatever
//! happens at the same time.

mod ask;
mod code;
mod decide;
mod poll;

use std::time::Duration;

use atproto::Did;
use cache::Cache;
use serde::{Deserialize, Serialize};

pub(super) use ask::Request;
pub(super) use code::UserCode;
pub(super) use decide::Unknown;
pub(super) use poll::Poll;

/// How long somebody has to approve.
pub(super) const LIFE: Duration = Duration::from_mins(10);

/// How often a device may ask whether they have.
pub(super) const INTERVAL: Duration = Duration::from_secs(5);

/// The same by our clock: a device that waits exactly as long may seem to be a little early.
const PACE: Duration = Duration::from_millis(4500);

/// Requests that are under way.
#[derive(Clone)]
pub(super) struct Flow {
    pub(super) cache: Cache,
}

/// What a device asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Pending {
    /// SHA-256 of the device code, which only the device has.
    pub(super) device: String,
    pub(super) name: String,
    pub(super) ip_address: String,
    pub(super) user_agent: String,
    /// In seconds since 1970.
    pub(super) created_at: i64,
    pub(super) expires_at: i64,
}

/// What somebody decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Decision {
    /// It may act for this account.
    Approved {
        /// Whom it acts for.
        did: Did,
        /// What they are called.
        handle: String,
    },
    Denied,
}

fn pending_key(device: &str) -> String {
    format!("registry:pending:{device}")
}

fn code_key(code: &UserCode) -> String {
    format!("registry:pendinguc:{}", code.letters())
}

fn decision_key(device: &str) -> String {
    format!("registry:decision:{device}")
}
