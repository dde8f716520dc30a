//! `GET /admin/backfill/missing`.

use axum::extract::State;
use records::{Coverage, CoverageState, MissingPage};
use serde::{Deserialize, Serialize};
use server::{Json, Problem, Query};
use utoipa::{IntoParams, ToSchema};

use super::page;
use crate::admin::Admin;
use crate::{paging, timestamp};

/// The states that something is missing in, that of the default first.
const STATES: [CoverageState; 4] =
    [CoverageState::Quarantined, CoverageState::Failed, CoverageState::Retrying, CoverageState::Absent];

#[derive(Deserialize, IntoParams)]
pub(crate) struct Request {
    /// Which: `quarantined` (what its host said cannot be true; the default), `failed` (not tried again by itself), `retrying` or
    /// `absent` (the account is switched off; fetched when it is back).
    state: Option<String>,
    /// How many, from 1 to 100. Default: 50.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
    /// The `cursor` of the page before.
    cursor: Option<String>,
}

/// A page of collections of repositories of which something is not here, whichever job or message found that out.
#[derive(Serialize, ToSchema)]
#[schema(as = MissingHistoryPage)]
pub struct MissingView {
    /// How many there are in each state.
    counts: Counts,
    /// Those of one state.
    pub missing: Vec<MissingRow>,
    /// Where the next page begins, if there may be more.
    #[schema(required)]
    pub cursor: Option<String>,
}

#[derive(Default, Serialize, ToSchema)]
#[schema(as = MissingHistoryCounts)]
struct Counts {
    quarantined: i64,
    failed: i64,
    retrying: i64,
    absent: i64,
}

/// A collection of a repository of which something is not here.
#[derive(Serialize, ToSchema)]
#[schema(as = MissingHistory)]
pub struct MissingRow {
    /// Whose.
    pub did: String,
    /// The collection.
    pub collection: String,
    /// `quarantined`, `failed`, `retrying` or `absent`.
    pub state: &'static str,
    /// Why.
    #[schema(required)]
    pub reason: Option<String>,
    /// Attempts that failed in a row.
    pub attempts: u32,
    /// Since when, or when its host was last asked.
    #[serde(serialize_with = "timestamp::serialize")]
    #[schema(value_type = String, format = DateTime)]
    pub since: i64,
    /// When it is tried again.
    #[serde(serialize_with = "timestamp::serialize_opt")]
    #[schema(value_type = String, format = DateTime, required = true, nullable = true)]
    pub next_try_at: Option<i64>,
}

/// What is missing of the past.
pub(crate) async fn list(
    State(admin): State<Admin>,
    Query(request): Query<Request>,
) -> Result<Json<MissingView>, Problem> {
    let state = request
        .state
        .as_deref()
        .map_or(Some(STATES[0]), |name| STATES.into_iter().find(|state| state.as_str() == name));
    let state =
        state.ok_or_else(|| Problem::bad_request("state must be quarantined, failed, retrying or absent"))?;
    let limit = paging::limit_or(request.limit.as_deref(), page::DEFAULT)?;
    let after = request.cursor.as_deref().map(str::parse).transpose();
    let after = after.map_err(|error: records::Error| Problem::bad_request(format!("cursor: {error}")))?;
    let counts = admin.records.missing_counts().await.map_err(Problem::internal)?;
    let page = admin.records.missing(state, after, limit).await.map_err(Problem::internal)?;
    Ok(Json(MissingView::new(&counts, page)))
}

impl MissingView {
    /// As the admin API and commands show it.
    #[must_use]
    pub fn new(counts: &[(CoverageState, i64)], page: MissingPage) -> Self {
        let count = |state| counts.iter().find(|(of, _)| *of == state).map_or(0, |(_, count)| *count);
        let [quarantined, failed, retrying, absent] = STATES.map(count);
        Self {
            counts: Counts { quarantined, failed, retrying, absent },
            missing: page.rows.into_iter().map(MissingRow::from).collect(),
            cursor: page.next.map(|next| next.to_string()),
        }
    }
}

impl From<Coverage> for MissingRow {
    fn from(row: Coverage) -> Self {
        Self {
            did: row.did.to_string(),
            collection: row.collection.to_string(),
            state: row.state.as_str(),
            reason: row.error,
            attempts: row.attempts,
            since: row.since,
            next_try_at: row.next_try_at,
        }
    }
}
