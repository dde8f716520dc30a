//! `POST /v1/usage/query`: sums by hour or day, in UTC. Here, unlike elsewhere, times are seconds.

use std::collections::BTreeMap;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use server::{Access, Json, Problem, Route};
use store::{Conn, v};

use super::Figures;
use crate::Error;
use crate::services::Services;
use crate::sessions::require;
use crate::wire::{Body, Label, Owner, failed};

const SECOND: i64 = 1_000_000;

/// Reports summed up at once; the newest.
const MAX_REPORTS: i64 = 50_000;

pub(crate) fn routes() -> Vec<Route<Services>> {
    vec![Route::post("/v1/usage/query", Access::Authenticated, "What was used, by hour or day", query)]
}

#[derive(Clone, Copy, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum GroupBy {
    Hour,
    #[default]
    Day,
}

impl GroupBy {
    fn seconds(self) -> i64 {
        match self {
            Self::Hour => 3600,
            Self::Day => 86_400,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Query {
    session_id: Option<Label>,
    start_time: Option<u32>,
    end_time: Option<u32>,
    group_by: Option<GroupBy>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Sums {
    timestamp: i64,
    tokens: Figures,
    cost: Figures,
    report_count: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    usage: Vec<Sums>,
    group_by: GroupBy,
    total_reports: usize,
}

async fn query(
    State(services): State<Services>,
    owner: Owner,
    Body(query): Body<Query>,
) -> Result<Json<Summary>, Problem> {
    let usage = services.relay.list(move |conn| sum_up(conn, &owner.account, &query)).await;
    usage.map(Json).map_err(failed("Failed to query usage reports"))
}

fn sum_up(conn: &mut Conn<'_>, account: &str, query: &Query) -> Result<Summary, Error> {
    if let Some(session) = &query.session_id {
        require(conn, account, session)?;
    }
    let start = i64::from(query.start_time.unwrap_or(0)) * SECOND;
    let end = query.end_time.map_or(i64::MAX, |end| i64::from(end) * SECOND);
    let session = query.session_id.as_deref();
    let reports = conn.query(
        "SELECT created_at, tokens, cost FROM sync_usage_reports
         WHERE account_id = $1 AND session_id = COALESCE($2, session_id) AND created_at BETWEEN $3 AND $4
         ORDER BY created_at DESC LIMIT $5",
        &[v(account), v(session), v(start), v(end), v(MAX_REPORTS)],
        |row| Ok::<_, Error>((row.int(0)?, row.string(1)?, row.string(2)?)),
    )?;
    let group_by = query.group_by.unwrap_or_default();
    let mut groups: BTreeMap<i64, Sums> = BTreeMap::new();
    for (created_at, tokens, cost) in &reports {
        let seconds = created_at / SECOND;
        let timestamp = seconds - seconds % group_by.seconds();
        let sums = groups.entry(timestamp).or_insert_with(|| Sums { timestamp, ..Sums::default() });
        add(&mut sums.tokens, tokens);
        add(&mut sums.cost, cost);
        sums.report_count += 1;
    }
    Ok(Summary { usage: groups.into_values().collect(), group_by, total_reports: reports.len() })
}

fn add(sums: &mut Figures, json: &str) {
    let figures: Figures = serde_json::from_str(json).unwrap_or_default();
    for (kind, figure) in figures {
        *sums.entry(kind).or_default() += figure;
    }
}
