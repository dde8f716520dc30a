//! Deliveries that were given up.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use server::{Json, Path, Problem, Query};
use store::{Conn, Value, v};
use utoipa::{IntoParams, ToSchema};

use super::revive;
use crate::Error;
use crate::services::Services;
use crate::wire::{Page, Paging, instant};

/// One activity for one inbox.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SocialFailedDelivery)]
pub(super) struct FailedDelivery {
    /// As a text: JavaScript cannot hold the number.
    id: String,
    /// The id of the activity.
    activity: String,
    host: String,
    inbox: String,
    /// Who sent it; absent if they are gone.
    sender: Option<String>,
    attempts: i64,
    /// What the inbox answered the last time, if it did.
    last_status: Option<i64>,
    error: Option<String>,
    failed_at: Option<String>,
}

/// A page of such deliveries.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SocialFailedDeliveries)]
pub(super) struct FailedDeliveries {
    items: Vec<FailedDelivery>,
    total: i64,
    page: i64,
    per_page: i64,
}

impl From<Page<FailedDelivery>> for FailedDeliveries {
    fn from(page: Page<FailedDelivery>) -> Self {
        let Page { items, total, page, per_page } = page;
        Self { items, total, page, per_page }
    }
}

/// Which are listed.
#[derive(Deserialize, IntoParams)]
pub(super) struct Wanted {
    /// Only those for this host.
    host: Option<String>,
}

pub(super) async fn list(
    State(services): State<Services>,
    Query(paging): Query<Paging>,
    Query(Wanted { host }): Query<Wanted>,
) -> Result<Json<FailedDeliveries>, Problem> {
    let (host, offset) = (host.map(|host| host.to_lowercase()), paging.offset()?);
    let page = services.ask(move |conn| failed(conn, host.as_deref(), paging, offset));
    Ok(Json(page.await?))
}

/// The latest first.
fn failed(
    conn: &mut Conn<'_>,
    host: Option<&str>,
    paging: Paging,
    offset: i64,
) -> Result<FailedDeliveries, Error> {
    let (condition, own): (&str, Vec<Value<'_>>) = match host {
        Some(host) => ("AND d.host = $3", vec![v(host)]),
        None => ("", Vec::new()),
    };
    let sql = format!(
        "SELECT count(*) FROM social_deliveries d WHERE d.state = 'failed' {}",
        condition.replace("$3", "$1")
    );
    let total: i64 = conn.query_one(&sql, &own, |row| row.int(0))?;
    let sql = format!(
        "SELECT d.id, a.address, d.host, d.inbox, u.username, d.attempts, d.last_status, d.last_error, d.settled_at
         FROM social_deliveries d JOIN social_activities a ON a.id = d.activity LEFT JOIN social_users u ON u.id = d.sender
         WHERE d.state = 'failed' {condition} ORDER BY d.settled_at DESC, d.id DESC LIMIT $1 OFFSET $2"
    );
    let params = [vec![v(paging.limit()), v(offset)], own].concat();
    let items = conn.query(&sql, &params, |row| {
        Ok::<_, Error>(FailedDelivery {
            id: row.int(0)?.to_string(),
            activity: row.string(1)?,
            host: row.string(2)?,
            inbox: row.string(3)?,
            sender: row.opt_text(4)?.map(str::to_owned),
            attempts: row.int(5)?,
            last_status: row.opt_int(6)?,
            error: row.opt_text(7)?.map(str::to_owned),
            failed_at: row.opt_int(8)?.map(instant),
        })
    })?;
    Ok(paging.of(items, total).into())
}

/// What was given up waits again, but nothing of what has been deleted since.
const AGAIN: &str = "UPDATE social_deliveries SET state = 'queued', attempts = 0, due_at = $2, leased_to = 0, settled_at = NULL
    WHERE state = 'failed' AND NOT EXISTS (SELECT 1 FROM social_activities a JOIN social_activities l
        ON l.subject = a.subject AND l.sender = a.sender AND l.id > a.id AND l.address = a.subject || '#delete'
        WHERE a.id = social_deliveries.activity)";

pub(super) async fn retry(
    State(services): State<Services>,
    Path(id): Path<i64>,
) -> Result<StatusCode, Problem> {
    let now = clock::now_micros();
    services
        .change(move |conn| {
            let sql = "SELECT host FROM social_deliveries WHERE id = $1 AND state = 'failed'";
            let host = conn.query_opt(sql, &[v(id)], |row| row.string(0))?;
            let host = host.ok_or(Error::NotFound("failed delivery"))?;
            if conn.execute(&format!("{AGAIN} AND id = $1"), &[v(id), v(now)])? == 0 {
                return Err(Error::Taken("what this tells of has been deleted since"));
            }
            Ok(revive(conn, now, &host)?)
        })
        .await?;
    send(&services);
    Ok(StatusCode::NO_CONTENT)
}

/// A server.
#[derive(Deserialize, ToSchema)]
#[schema(as = SocialHostName)]
pub(super) struct OfHost {
    host: String,
}

/// How many are sent once more.
#[derive(Serialize, ToSchema)]
#[schema(as = SocialRetried)]
pub(super) struct Retried {
    retried: u64,
}

pub(super) async fn retry_host(
    State(services): State<Services>,
    Json(OfHost { host }): Json<OfHost>,
) -> Result<Json<Retried>, Problem> {
    let (host, now) = (host.to_lowercase(), clock::now_micros());
    let retried = services.change(move |conn| {
        let retried = conn.execute(&format!("{AGAIN} AND host = $1"), &[v(&host), v(now)])?;
        if retried == 0 {
            return Err(Error::NotFound("failed delivery"));
        }
        revive(conn, now, &host)?;
        Ok(retried)
    });
    let retried = retried.await?;
    send(&services);
    Ok(Json(Retried { retried }))
}

/// Whoever sends need not find out by looking.
pub(super) fn send(services: &Services) {
    if let Some(elsewhere) = services.elsewhere() {
        elsewhere.send_now();
    }
}
