//! `POST /v1/usage/query`: sums by hour or day, in UTC. Here, unlike elsewhere, times are seconds.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use server::{Access, Json, Problem, Route};
use store::{Conn, v};

use super::Figures;
use crate::Error;
use crate::limits::MAX_REPORTS;
use crate::portion::{Fit, LIST};
use crate::services::Services;
use crate::sessions::require;
use crate::wire::{Body, Label, Owner, failed};

const SECOND: i64 = 1_000_000;

/// Kinds of figures that are told apart in a sum.
const MAX_KINDS: usize = 256;

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
    let (account, query) = (owner.account, Arc::new(query));
    let (of, which) = (account.clone(), query.clone());
    let fit = move |conn: &mut Conn<'_>| sizes(conn, &of, &which);
    let sums = move |conn: &mut Conn<'_>, fit: &Fit| sum_up(conn, &account, &query, fit.rows);
    let (summary, ..) =
        services.relay.portion(fit, sums).await.map_err(failed("Failed to query usage reports"))?;
    Ok(Json(summary))
}

macro_rules! reports {
    ($columns:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM sync_usage_reports
              WHERE account_id = $1 AND session_id = COALESCE($2, session_id) AND created_at BETWEEN $3 AND $4
              ORDER BY created_at DESC LIMIT $5"
        )
    };
}

impl Query {
    /// The first and the last moment, in microseconds.
    fn range(&self) -> (i64, i64) {
        let end = self.end_time.map_or(i64::MAX, |end| i64::from(end) * SECOND);
        (i64::from(self.start_time.unwrap_or(0)) * SECOND, end)
    }
}

fn sizes(conn: &mut Conn<'_>, account: &str, query: &Query) -> Result<Fit, Error> {
    if let Some(session) = &query.session_id {
        require(conn, account, session)?;
    }
    let (start, end) = query.range();
    let values = [v(account), v(query.session_id.as_deref()), v(start), v(end), v(MAX_REPORTS)];
    Fit::of(conn, reports!("OCTET_LENGTH(tokens) + OCTET_LENGTH(cost)"), &values, MAX_REPORTS, LIST)
}

/// Sums up so many of the newest reports.
fn sum_up(conn: &mut Conn<'_>, account: &str, query: &Query, rows: i64) -> Result<Summary, Error> {
    let (start, end) = query.range();
    let group_by = query.group_by.unwrap_or_default();
    let (mut groups, mut total_reports) = (BTreeMap::new(), 0);
    conn.for_each(
        reports!("created_at, tokens, cost"),
        &[v(account), v(query.session_id.as_deref()), v(start), v(end), v(rows)],
        |row| {
            let seconds = row.int(0)? / SECOND;
            let timestamp = seconds - seconds % group_by.seconds();
            let sums = groups.entry(timestamp).or_insert_with(|| Sums { timestamp, ..Sums::default() });
            add(&mut sums.tokens, row.text(1)?);
            add(&mut sums.cost, row.text(2)?);
            sums.report_count += 1;
            total_reports += 1;
            Ok::<_, Error>(())
        },
    )?;
    Ok(Summary { usage: groups.into_values().collect(), group_by, total_reports })
}

fn add(sums: &mut Figures, json: &str) {
    let figures: Figures = serde_json::from_str(json).unwrap_or_default();
    for (kind, figure) in figures {
        if sums.len() >= MAX_KINDS && !sums.contains_key(&kind) {
            continue;
        }
        *sums.entry(kind).or_default() += figure;
    }
}
