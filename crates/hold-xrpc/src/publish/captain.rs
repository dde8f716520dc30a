//! The captain's record, which follows from the configuration.

use atproto::{Did, Nsid, RecordKey};
use clock::now_micros;
use hold::{Collection, crew_key};
use repos::{Expected, Write};
use serde_json::Value;

use super::{Failure, delete, put};
use crate::service::Served;
use crate::{records, time};

const CAPTAIN: &str = "io.atcr.hold.captain";

/// What makes the captain's record what is configured, and the captain one of the crew; nothing if they are.
pub(super) async fn writes(service: &Served) -> Result<Vec<Write>, Failure> {
    let (repos, hold) = (&service.repos, &service.hold);
    let (did, captain) = (hold.did(), hold.captain());
    let (collection, rkey) = (Nsid::parse(CAPTAIN)?, RecordKey::parse("self")?);
    let there = repos.get(did, &collection, &rkey).await?;
    let there: Value =
        there.map(|record| serde_json::from_str(&record.json)).transpose()?.unwrap_or_default();
    let (is_same, deployed_at) = records::is_same_captain(&there, captain);
    if is_same {
        return Ok(Vec::new());
    }
    let deployed_at = deployed_at.unwrap_or_else(|| time::written(now_micros()));
    let record = records::captain(captain, &deployed_at);
    let mut writes = vec![Write::Put { collection, rkey, record, expected: Expected::Anything }];
    let before = there["owner"].as_str().and_then(|owner| Did::parse(owner).ok());
    if let Some(before) = before.filter(|before| *before != captain.owner) {
        match hold.member(&before).await? {
            Some(member) => writes.extend(put(Collection::Crew, &crew_key(&before), records::crew(&member))),
            None => writes.extend(delete(Collection::Crew, &crew_key(&before))),
        }
    }
    let owner = records::owner(captain, &deployed_at);
    writes.extend(put(Collection::Crew, &crew_key(&captain.owner), owner));
    Ok(writes)
}
