//! Devices: programs that somebody approved in a browser, with a secret of their own (spec/registry.md §2.3, §2.4).
//!
//! `atcr_device_ID_RANDOM`. The id names the row; of the random part a SHA-256 is kept, because nobody guesses 256 bits,
//! however quickly. A device that came from another registry has a secret without an id and a slow hash, until it is used.

mod imported;
mod list;
mod mint;
mod revoke;
mod secret;
mod verify;

use std::sync::Arc;

use atproto::Did;
use store::{Database, Row};
use tokio::sync::Semaphore;

pub use list::DeviceView;
pub(super) use mint::NewDevice;
pub(super) use secret::Shown;

use super::revoked::Revoked;
use super::{Login, Method};

/// Slow hashes that are computed at once: each keeps a thread busy for a tenth of a second.
const SLOW_HASHES: usize = 2;

/// The devices of everybody. Cheap to clone.
#[derive(Clone)]
pub(super) struct Devices {
    state: Database,
    revoked: Revoked,
    slow: Arc<Semaphore>,
}

impl Devices {
    pub(super) fn new(state: Database, revoked: Revoked) -> Self {
        Self { state, revoked, slow: Arc::new(Semaphore::new(SLOW_HASHES)) }
    }
}

/// A device that has shown its secret, or has just got it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Device {
    pub(super) id: String,
    pub(super) did: Did,
    pub(super) handle: String,
    secret_hash: String,
    last_used_at: Option<i64>,
}

impl Device {
    const COLUMNS: &str = "id, did, handle, secret_hash, last_used_at";

    /// Nothing if whom it acts for is nobody.
    fn read(row: &Row<'_>) -> Result<Option<Self>, store::Error> {
        let Ok(did) = Did::parse(row.text(1)?) else { return Ok(None) };
        let (id, handle, secret_hash) = (row.string(0)?, row.string(2)?, row.string(3)?);
        Ok(Some(Self { id, did, handle, secret_hash, last_used_at: row.opt_int(4)? }))
    }

    pub(super) fn login(self) -> Login {
        Login {
            did: self.did,
            handle: self.handle,
            method: Method::Device,
            device: Some(self.id),
            session: None,
        }
    }
}
