//! `GET /admin/registry/usage`.

use atproto::Did;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use server::{Json, Problem, Query};
use utoipa::{IntoParams, ToSchema};

use super::{Operator, paging};
use crate::refusal::Refusal;

/// Which page.
#[derive(Deserialize, IntoParams)]
pub(super) struct Asked {
    /// How many, from 1 to 100. Default: 50.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
    /// The cursor of the previous page.
    cursor: Option<String>,
}

/// A page of owners, those who have most first.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryUsagePage)]
pub(super) struct UsagePage {
    usage: Vec<UsageView>,
    /// Where the next page begins, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    cursor: Option<String>,
}

/// How much room somebody uses.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryUsage)]
pub(super) struct UsageView {
    did: String,
    /// Their handle, as far as it is known here.
    #[schema(required)]
    handle: Option<String>,
    /// Distinct blobs.
    blobs: u64,
    /// What they come to.
    bytes: u64,
    /// How much it may be; null where there is no limit.
    #[schema(required)]
    limit: Option<u64>,
}

pub(super) async fn list(
    State(operator): State<Operator>,
    Query(asked): Query<Asked>,
) -> Result<Json<UsagePage>, Problem> {
    let limit = paging::limit(asked.limit.as_deref())?;
    let behind = paging::place(asked.cursor.as_deref())?;
    let behind = behind.as_ref().map(|(bytes, did)| (*bytes, did));
    let mut found = operator.registry.hold.usages(behind, limit + 1).await.map_err(Refusal::from)?;
    let has_more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let cursor = found.last().filter(|_| has_more).map(|(did, usage)| format!("{}.{did}", usage.bytes));
    let dids: Vec<&Did> = found.iter().map(|(did, _)| did).collect();
    let mut handles = operator.handles(&dids).await.map_err(Refusal::from)?;
    let view = |(did, usage): (Did, hold::Usage)| UsageView {
        handle: handles.remove(did.as_str()),
        did: did.to_string(),
        blobs: usage.blobs,
        bytes: usage.bytes,
        limit: usage.limit,
    };
    Ok(Json(UsagePage { usage: found.into_iter().map(view).collect(), cursor }))
}
