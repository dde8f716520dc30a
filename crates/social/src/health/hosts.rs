//! Other servers: since when they do not answer, and what waits for them.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use server::{Json, Path, Problem, Query};
use store::{Conn, v};
use utoipa::{IntoParams, ToSchema};

use crate::services::Services;
use crate::wire::{Page, Paging, instant};
use crate::{Error, sql};

/// Another server.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SocialHost)]
pub(super) struct HostView {
    host: String,
    /// The form of signature that it reads: `draft` or `rfc9421`; absent until that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    signature_form: Option<String>,
    last_success_at: Option<String>,
    /// In a row.
    failures: i64,
    first_failure_at: Option<String>,
    /// Nothing is sent before.
    retry_at: Option<String>,
    /// It has not answered for a week.
    unavailable: bool,
    deliveries_waiting: i64,
}

/// A page of other servers.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SocialHosts)]
pub(super) struct Hosts {
    items: Vec<HostView>,
    total: i64,
    page: i64,
    per_page: i64,
}

impl From<Page<HostView>> for Hosts {
    fn from(page: Page<HostView>) -> Self {
        let Page { items, total, page, per_page } = page;
        Self { items, total, page, per_page }
    }
}

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    All,
    /// That did not answer the last time, given up or not.
    Failing,
    Unavailable,
}

impl Which {
    const fn condition(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Failing => "WHERE h.failures > 0 OR h.unavailable = 1",
            Self::Unavailable => "WHERE h.unavailable = 1",
        }
    }
}

/// Which are listed.
#[derive(Deserialize, IntoParams)]
pub(super) struct Wanted {
    /// `failing` or `unavailable`; all of them without it.
    state: Option<String>,
}

pub(super) async fn list(
    State(services): State<Services>,
    Query(paging): Query<Paging>,
    Query(Wanted { state }): Query<Wanted>,
) -> Result<Json<Hosts>, Problem> {
    let which = match state.as_deref() {
        None => Which::All,
        Some("failing") => Which::Failing,
        Some("unavailable") => Which::Unavailable,
        Some(_) => return Err(Error::BadRequest("state is failing or unavailable".into()).into()),
    };
    let (limit, offset) = (paging.limit(), paging.offset()?);
    let page = services.ask(move |conn| {
        let sql = format!("SELECT count(*) FROM social_hosts h {}", which.condition());
        let total: i64 = conn.query_one(&sql, &[], |row| row.int(0))?;
        Ok(paging.of(hosts(conn, which, limit, offset)?, total).into())
    });
    Ok(Json(page.await?))
}

/// In the order of their names.
pub(super) fn hosts(
    conn: &mut Conn<'_>,
    which: Which,
    limit: i64,
    offset: i64,
) -> Result<Vec<HostView>, Error> {
    let sql = format!(
        "SELECT h.host, h.signature_form, h.last_success_at, h.failures, h.first_failure_at, h.retry_at, h.unavailable,
             (SELECT count(*) FROM social_deliveries d WHERE d.host = h.host AND d.state = 'queued')
         FROM social_hosts h {} ORDER BY h.host LIMIT $1 OFFSET $2",
        which.condition()
    );
    conn.query(&sql, &[v(limit), v(offset)], |row| {
        Ok(HostView {
            host: row.string(0)?,
            signature_form: row.opt_text(1)?.map(str::to_owned),
            last_success_at: row.opt_int(2)?.map(instant),
            failures: row.int(3)?,
            first_failure_at: row.opt_int(4)?.map(instant),
            retry_at: row.opt_int(5)?.map(instant),
            unavailable: row.bool(6)?,
            deliveries_waiting: row.int(7)?,
        })
    })
}

pub(super) async fn retry(
    State(services): State<Services>,
    Path(host): Path<String>,
) -> Result<StatusCode, Problem> {
    let (host, now) = (host.to_lowercase(), clock::now_micros());
    services
        .change(move |conn| {
            let known = "SELECT 1 FROM social_hosts WHERE host = $1";
            conn.query_opt(known, &[v(&host)], |row| row.int(0))?.ok_or(Error::NotFound("host"))?;
            Ok(revive(conn, now, &host)?)
        })
        .await?;
    super::deliveries::send(&services);
    Ok(StatusCode::NO_CONTENT)
}

/// Those of them that are given up: nothing is queued for them.
pub fn unavailable(conn: &mut Conn<'_>, hosts: &[&str]) -> Result<Vec<String>, store::Error> {
    let among = sql::Texts::new(conn.engine(), hosts.iter().copied());
    let find = format!("SELECT host FROM social_hosts WHERE unavailable = 1 AND host {}", among.among(1));
    conn.query(&find, &[among.value()], |row| row.string(0))
}

/// Takes a host for well again, if it was not, and what waits for it for due.
pub fn revive(conn: &mut Conn<'_>, now: i64, host: &str) -> Result<(), store::Error> {
    let revived = conn.execute(
        "UPDATE social_hosts SET failures = 0, first_failure_at = NULL, retry_at = NULL, unavailable = 0
         WHERE host = $1 AND (failures > 0 OR unavailable = 1)",
        &[v(host)],
    )?;
    if revived > 0 {
        conn.execute(
            "UPDATE social_deliveries SET due_at = $2 WHERE host = $1 AND state = 'queued' AND due_at > $2",
            &[v(host), v(now)],
        )?;
    }
    Ok(())
}
