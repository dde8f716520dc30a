//! `GET /v1/updates/since/{seq}`: what a client missed. The reference has nothing like it; clients that do not know it do
//! without.

use axum::extract::State;
use serde::Serialize;
use serde_json::value::RawValue;
use server::{Access, Json, Problem, Route};
use store::{Conn, v};

use super::{head, read_after};
use crate::Error;
use crate::services::Services;
use crate::wire::{Owner, Params};

/// Updates given at once.
const PAGE: i64 = 500;

pub(crate) fn routes() -> Vec<Route<Services>> {
    let summary = "The account's updates after a number, as far as they are kept";
    vec![Route::get("/v1/updates/since/{seq}", Access::Authenticated, summary, since)]
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Missed {
    /// As sockets would have been told them, in order.
    updates: Vec<Box<RawValue>>,
    /// The number of the newest update of all.
    seq: i64,
    has_more: bool,
    /// Whether everything after the number is still known. If not: read everything anew.
    complete: bool,
}

async fn since(
    State(services): State<Services>,
    owner: Owner,
    Params([after]): Params<1>,
) -> Result<Json<Missed>, Problem> {
    let after: i64 =
        after.parse().map_err(|_| Error::Invalid("The number of an update is a whole number"))?;
    let account = owner.account;
    let read = move |conn: &mut Conn<'_>| {
        let seq = head(conn, &account)?;
        let oldest = oldest(conn, &account)?;
        let updates = read_after(conn, &account, after, PAGE + 1)?;
        let complete = after >= seq || oldest.is_some_and(|oldest| oldest <= after.saturating_add(1));
        Ok((updates, seq, complete))
    };
    let (mut updates, seq, complete) = services.relay.list(read).await?;
    let has_more = i64::try_from(updates.len()).is_ok_and(|found| found > PAGE);
    updates.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let updates = updates.into_iter().map(|update| update.envelope).collect();
    Ok(Json(Missed { updates, seq, has_more, complete }))
}

fn oldest(conn: &mut Conn<'_>, account: &str) -> Result<Option<i64>, Error> {
    let sql = "SELECT seq FROM sync_updates WHERE account_id = $1 ORDER BY seq LIMIT 1";
    Ok(conn.query_opt(sql, &[v(account)], |row| row.int(0))?)
}
