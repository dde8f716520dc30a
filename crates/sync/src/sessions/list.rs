//! Lists of sessions (spec/sync.md §2.1).

use axum::extract::State;
use serde::{Deserialize, Serialize};
use server::{Json, Problem};
use store::{Conn, v};

use super::session::{Session, WithLastMessage, columns, size};
use crate::Error;
use crate::portion::{Fit, LIST, Laden, PAGE};
use crate::services::Services;
use crate::wire::{Owner, Search, from_millis};

/// What the oldest route gives at once.
const FIRST: i64 = 150;

/// A session without a sign of life for this long is not called active, in microseconds.
const ACTIVE: i64 = 15 * 60 * 1_000_000;

#[derive(Serialize)]
pub(super) struct Sessions<T> {
    sessions: Vec<T>,
}

macro_rules! newest {
    ($($columns:tt)*) => {
        concat!(
            "SELECT ",
            $($columns)*,
            " FROM sync_sessions WHERE account_id = $1 ORDER BY updated_at DESC LIMIT $2"
        )
    };
}

macro_rules! active {
    ($($columns:tt)*) => {
        concat!(
            "SELECT ",
            $($columns)*,
            " FROM sync_sessions WHERE account_id = $1 AND active = 1 AND active_at > $2
              ORDER BY active_at DESC LIMIT $3"
        )
    };
}

macro_rules! page {
    ($($columns:tt)*) => {
        concat!(
            "SELECT ",
            $($columns)*,
            " FROM sync_sessions WHERE account_id = $1 AND id < $2 AND updated_at > $3 ORDER BY id DESC LIMIT $4"
        )
    };
}

/// `GET /v1/sessions`: those changed last.
pub(super) async fn newest(
    State(services): State<Services>,
    owner: Owner,
) -> Result<Laden<Json<Sessions<WithLastMessage>>>, Problem> {
    let account = owner.account.clone();
    let fit =
        move |conn: &mut Conn<'_>| Fit::of(conn, newest!(size!()), &[v(&*account), v(FIRST)], FIRST, LIST);
    let read = move |conn: &mut Conn<'_>, fit: &Fit| {
        conn.query(newest!(columns!()), &[v(&*owner.account), v(fit.rows)], Session::load)
    };
    let (sessions, _, place) = services.relay.portion(fit, read).await?;
    Ok(Laden(Json(Sessions { sessions: sessions.into_iter().map(Into::into).collect() }), place))
}

#[derive(Deserialize)]
pub(super) struct Limit {
    limit: Option<i64>,
}

/// `GET /v2/sessions/active`.
pub(super) async fn active(
    State(services): State<Services>,
    owner: Owner,
    Search(Limit { limit }): Search<Limit>,
) -> Result<Laden<Json<Sessions<Session>>>, Problem> {
    let limit = bounded(limit, 150, 500)?;
    let (account, since) = (owner.account.clone(), clock::now_micros() - ACTIVE);
    let fit = move |conn: &mut Conn<'_>| {
        Fit::of(conn, active!(size!()), &[v(&*account), v(since), v(limit)], limit, LIST)
    };
    let read = move |conn: &mut Conn<'_>, fit: &Fit| {
        conn.query(active!(columns!()), &[v(&*owner.account), v(since), v(fit.rows)], Session::load)
    };
    let (sessions, _, place) = services.relay.portion(fit, read).await?;
    Ok(Laden(Json(Sessions { sessions }), place))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page {
    limit: Option<i64>,
    cursor: Option<String>,
    changed_since: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Paged {
    sessions: Vec<Session>,
    next_cursor: Option<String>,
    has_next: bool,
}

/// `GET /v2/sessions`: newest first, a page at a time.
pub(super) async fn page(
    State(services): State<Services>,
    owner: Owner,
    Search(page): Search<Page>,
) -> Result<Laden<Json<Paged>>, Problem> {
    let limit = bounded(page.limit, 50, 200)?;
    let changed_since = match page.changed_since {
        Some(millis) if millis <= 0 => return Err(invalid("changedSince")),
        since => from_millis(since.unwrap_or(0)),
    };
    let before = match &page.cursor {
        // Greater than any id.
        None => "~".to_owned(),
        Some(cursor) => cursor
            .strip_prefix("cursor_v1_")
            .filter(|id| !id.is_empty() && !id.contains('\0'))
            .ok_or_else(|| Problem::from(Error::Invalid("Invalid cursor format")))?
            .to_owned(),
    };
    let (account, from) = (owner.account.clone(), before.clone());
    let fit = move |conn: &mut Conn<'_>| {
        let values = [v(&*account), v(&from), v(changed_since), v(limit + 1)];
        Fit::of(conn, page!(size!()), &values, limit, PAGE)
    };
    let read = move |conn: &mut Conn<'_>, fit: &Fit| {
        let values = [v(&*owner.account), v(&before), v(changed_since), v(fit.rows)];
        conn.query(page!(columns!()), &values, Session::load)
    };
    let (sessions, Fit { has_more: has_next, .. }, place) = services.relay.portion(fit, read).await?;
    let next_cursor = sessions.last().filter(|_| has_next).map(|session| format!("cursor_v1_{}", session.id));
    Ok(Laden(Json(Paged { sessions, next_cursor, has_next }), place))
}

fn bounded(limit: Option<i64>, default: i64, max: i64) -> Result<i64, Problem> {
    match limit.unwrap_or(default) {
        limit if (1..=max).contains(&limit) => Ok(limit),
        _ => Err(invalid("limit")),
    }
}

fn invalid(field: &str) -> Problem {
    Problem::bad_request(format!("querystring/{field} is out of range")).named("Error")
}
