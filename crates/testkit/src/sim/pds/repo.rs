//! `com.atproto.repo`: one record, and what there is.

use serde_json::json;

use super::{Asked, Query, Reply};
use crate::sim::repository::Snapshot;

impl Asked<'_> {
    /// The repository as this host has it.
    pub(super) fn snapshot(&mut self) -> &Snapshot {
        self.account.snapshot(self.state, self.lie, self.world.accounts.len())
    }
}

pub(super) fn get_record(asked: &mut Asked<'_>, query: &Query) -> Result<Reply, Reply> {
    let (collection, rkey) = (query.required("collection")?, query.required("rkey")?);
    let cid = query.get("cid");
    let snapshot = asked.snapshot();
    let uri = format!("at://{}/{collection}/{rkey}", snapshot.did());
    match snapshot.record(&format!("{collection}/{rkey}")) {
        Some(content) if cid.is_none_or(|cid| cid == content.cid.to_string()) => {
            Ok(Reply::text(format!(r#"{{"uri":"{uri}","cid":"{}","value":{}}}"#, content.cid, content.json)))
        }
        _ => Err(Reply::error(400, "RecordNotFound", &format!("Could not locate record: {uri}"))),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of all methods")]
pub(super) fn describe_repo(asked: &mut Asked<'_>, _: &Query) -> Result<Reply, Reply> {
    let (handle, world) = (asked.state.handle.clone(), asked.world);
    let document = asked.account.document_of(asked.state, |host| world.origin(host));
    let snapshot = asked.snapshot();
    Ok(Reply::json(&json!({
        "handle": handle, "did": snapshot.did(), "didDoc": document, "collections": snapshot.collections(),
        "handleIsCorrect": true,
    })))
}
