//! `GET /v1/updates/since/{seq}`: what a client missed. The reference has nothing like it; clients that do not know it do
//! without.

use axum::extract::State;
use serde::Serialize;
use serde_json::value::RawValue;
use server::{Access, Json, Problem, Route};
use store::{Conn, v};

use super::{fit_after, head, read_after};
use crate::Error;
use crate::portion::{Fit, Laden};
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
) -> Result<Laden<Json<Missed>>, Problem> {
    let after: i64 =
        after.parse().map_err(|_| Error::Invalid("The number of an update is a whole number"))?;
    let account = owner.account;
    let of = account.clone();
    let fit = move |conn: &mut Conn<'_>| fit_after(conn, &of, after, PAGE);
    let read = move |conn: &mut Conn<'_>, _: &Fit| {
        let seq = head(conn, &account)?;
        let oldest = oldest(conn, &account)?;
        // Once more: what came in between is not in the first, but its number is no greater than this one.
        let Fit { rows, has_more, .. } = fit_after(conn, &account, after, PAGE)?;
        let updates = read_after(conn, &account, after, rows)?;
        let updates = updates.into_iter().map(|update| update.envelope).collect();
        let complete = after >= seq || oldest.is_some_and(|oldest| oldest <= after.saturating_add(1));
        Ok(Missed { updates, seq, has_more, complete })
    };
    let (missed, _, place) = services.relay.portion(fit, read).await?;
    Ok(Laden(Json(missed), place))
}

fn oldest(conn: &mut Conn<'_>, account: &str) -> Result<Option<i64>, Error> {
    let sql = "SELECT seq FROM sync_updates WHERE account_id = $1 ORDER BY seq LIMIT 1";
    Ok(conn.query_opt(sql, &[v(account)], |row| row.int(0))?)
}
