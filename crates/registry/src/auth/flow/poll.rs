//! A device asks whether somebody has decided.

use bytes::Bytes;

use super::ask::hash;
use super::{Decision, Flow, PACE, Pending, decision_key, pending_key};
use crate::auth::Error;

/// What a device is told.
pub(in crate::auth) enum Poll {
    /// Nobody has decided.
    Waiting,
    /// It asks too often.
    TooSoon,
    /// There is no such request, or no longer.
    Gone,
    /// Somebody said no.
    Denied,
    /// Somebody said yes. Nobody else is told.
    Approved { pending: Pending, did: atproto::Did, handle: String },
}

impl Flow {
    pub(in crate::auth) async fn poll(&self, device_code: &str) -> Result<Poll, Error> {
        let device = hash(device_code);
        let Some(pending) = self.cache.get(&pending_key(&device)).await? else { return Ok(Poll::Gone) };
        let Ok(pending) = serde_json::from_slice::<Pending>(&pending) else { return Ok(Poll::Gone) };
        let paced = format!("registry:polled:{device}");
        let may = self.cache.set_if_absent(&paced, Bytes::from_static(b"1"), PACE).await?;
        if !may {
            return Ok(Poll::TooSoon);
        }
        let Some(decision) = self.cache.take(&decision_key(&device)).await? else { return Ok(Poll::Waiting) };
        self.cache.delete(&pending_key(&device)).await?;
        Ok(match serde_json::from_slice(&decision) {
            Ok(Decision::Approved { did, handle }) => Poll::Approved { pending, did, handle },
            Ok(Decision::Denied) | Err(_) => Poll::Denied,
        })
    }
}
