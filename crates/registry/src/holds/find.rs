//! From the DID of a hold to where it is (spec/registry.md §4.2, §4.4).

use std::time::Duration;

use atproto::Did;
use atproto::did_doc::Service;
use bytes::Bytes;
use serde::Deserialize;
use url::Url;

use super::call::Call;
use super::captain::Captain;
use super::{HoldError, Holds, RemoteHold};

/// How long it is believed that a hold is where it is, and as its captain says.
const KEPT: Duration = Duration::from_mins(15);

/// Successors that are followed.
const MOVES: usize = 3;

/// A record as `com.atproto.repo.getRecord` answers it.
#[derive(Deserialize)]
pub(super) struct Fetched<T> {
    pub(super) value: T,
}

impl Holds {
    /// Where a hold is; nothing if it has moved into our own. Whoever has moved is followed.
    pub(crate) async fn find(&self, hold: &Did) -> Result<Option<RemoteHold>, HoldError> {
        let key = Self::key("hold", &[hold.as_str()]);
        let known = self.cache.get(&key).await?;
        let found = match known.and_then(|json| serde_json::from_slice::<RemoteHold>(&json).ok()) {
            Some(found) => found,
            None => {
                let found = self.follow(hold).await?;
                let json = serde_json::to_vec(&found).unwrap_or_default();
                self.cache.set(&key, Bytes::from(json), KEPT).await?;
                found
            }
        };
        Ok(Some(found).filter(|found| found.did != self.own))
    }

    async fn follow(&self, hold: &Did) -> Result<RemoteHold, HoldError> {
        let mut did = hold.clone();
        for _ in 0..=MOVES {
            let url = self.locate(&did).await?;
            let captain = self.captain(&did, &url).await?;
            match &captain.successor {
                // Our own says itself what it is.
                Some(next) if *next == self.own => return Ok(RemoteHold { did: next.clone(), url, captain }),
                Some(next) if *next != did => did = next.clone(),
                _ => return Ok(RemoteHold { did, url, captain }),
            }
        }
        let reason = format!("it has moved more than {MOVES} times");
        Err(HoldError::Nowhere { hold: hold.clone(), reason })
    }

    /// The origin that a DID document names: that of the hold, or else of its repository.
    async fn locate(&self, hold: &Did) -> Result<Url, HoldError> {
        let identity = match self.resolver.resolve_did(hold).await {
            Ok(identity) => identity,
            Err(error) if error.is_transient() => {
                return Err(HoldError::Unavailable { hold: hold.clone(), reason: error.to_string() });
            }
            Err(error) => return Err(HoldError::Nowhere { hold: hold.clone(), reason: error.to_string() }),
        };
        let service = identity.document.service("atcr_hold").and_then(Service::origin);
        let origin = service.and_then(|origin| Url::parse(&origin).ok());
        origin.or_else(|| identity.pds.clone()).ok_or_else(|| HoldError::Nowhere {
            hold: hold.clone(),
            reason: "its DID document names no service #atcr_hold".to_owned(),
        })
    }

    async fn captain(&self, hold: &Did, url: &Url) -> Result<Captain, HoldError> {
        let query = [("repo", hold.as_str()), ("collection", "io.atcr.hold.captain"), ("rkey", "self")];
        let mut at = url.clone();
        at.set_path("/xrpc/com.atproto.repo.getRecord");
        let call = Call::get(hold, at).query(&query);
        let fetched: Fetched<Captain> = self.json(call).await.map_err(|error| match error {
            HoldError::Missing { hold } | HoldError::Denied { hold, .. } => {
                HoldError::Nowhere { hold, reason: "nothing there says that it is a hold".to_owned() }
            }
            error => error,
        })?;
        Ok(fetched.value)
    }
}
