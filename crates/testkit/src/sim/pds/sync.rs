//! `com.atproto.sync`: CARs and what is said about them.

use serde_json::json;
use shrike::cbor::Cid;
use shrike::syntax::{Nsid, RecordKey};

use super::{Asked, Presence, Query, Reply, refusal, status};
use crate::sim::Lie;

#[expect(clippy::unnecessary_wraps, reason = "the shape of all methods")]
pub(super) fn get_repo(asked: &mut Asked<'_>, _: &Query) -> Result<Reply, Reply> {
    let lie = asked.lie;
    let mut car = asked.snapshot().export();
    if lie == Some(Lie::TruncatedCar) {
        // Within the last block.
        car.truncate(car.len() - 3);
    }
    Ok(Reply { endless: lie == Some(Lie::EndlessCar), ..Reply::car(car) })
}

pub(super) fn get_blocks(asked: &mut Asked<'_>, query: &Query) -> Result<Reply, Reply> {
    let mut cids = Vec::new();
    for text in query.all("cids") {
        cids.push(
            text.parse::<Cid>().map_err(|_| Reply::invalid(&format!("Error: cids must be cids: {text}")))?,
        );
    }
    asked.snapshot().blocks(&cids).map(Reply::car).map_err(|missing| {
        let missing: Vec<_> = missing.iter().map(ToString::to_string).collect();
        Reply::invalid(&format!("Could not find cids: {}", missing.join(",")))
    })
}

pub(super) fn get_record(asked: &mut Asked<'_>, query: &Query) -> Result<Reply, Reply> {
    let invalid = |name: &str| Reply::invalid(&format!("Error: {name} is malformed"));
    let collection = Nsid::try_from(query.required("collection")?).map_err(|_| invalid("collection"))?;
    let rkey = RecordKey::try_from(query.required("rkey")?).map_err(|_| invalid("rkey"))?;
    Ok(Reply::car(asked.snapshot().proof(&collection, &rkey)))
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of all methods")]
pub(super) fn get_latest_commit(asked: &mut Asked<'_>, _: &Query) -> Result<Reply, Reply> {
    let snapshot = asked.snapshot();
    Ok(Reply::json(&json!({ "cid": snapshot.commit().to_string(), "rev": snapshot.rev().to_string() })))
}

pub(super) fn get_repo_status(asked: &mut Asked<'_>, _: &Query) -> Result<Reply, Reply> {
    let did = asked.account.did.as_str();
    match status(asked.presence) {
        None => {
            let rev = asked.snapshot().rev().to_string();
            Ok(Reply::json(&json!({ "did": did, "active": true, "rev": rev })))
        }
        Some(_) if asked.presence == Presence::Unknown => {
            Err(refusal("com.atproto.sync.getRepoStatus", did, Presence::Unknown))
        }
        Some(status) => Ok(Reply::json(&json!({ "did": did, "active": false, "status": status }))),
    }
}
