//! Reading messages.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use server::{Json, Problem};
use store::{Conn, v};

use super::view::MessageView;
use crate::Error;
use crate::services::Services;
use crate::sessions::require;
use crate::wire::{Owner, Params, Search};

#[derive(Serialize)]
pub(super) struct Messages {
    messages: Vec<MessageView>,
}

/// `GET /v1/sessions/{id}/messages`: the newest, newest first.
pub(super) async fn newest(
    State(services): State<Services>,
    owner: Owner,
    Params([session]): Params<1>,
) -> Result<Json<Messages>, Problem> {
    let read = move |conn: &mut Conn<'_>| {
        require(conn, &owner.account, &session)?;
        before(conn, &session, i64::MAX, 150)
    };
    Ok(Json(Messages { messages: services.relay.list(read).await? }))
}

#[derive(Deserialize)]
pub(super) struct Range {
    after_seq: Option<i64>,
    before_seq: Option<i64>,
    limit: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page {
    messages: Vec<MessageView>,
    has_more: bool,
}

/// `GET /v3/sessions/{id}/messages`: forwards from a number, or backwards.
pub(super) async fn page(
    State(services): State<Services>,
    owner: Owner,
    Params([session]): Params<1>,
    Search(range): Search<Range>,
) -> Result<Json<Page>, Problem> {
    let limit = match range.limit.unwrap_or(100) {
        limit if (1..=500).contains(&limit) => limit,
        _ => return Err(invalid("limit")),
    };
    if range.after_seq.is_some() && range.before_seq.is_some() {
        return Err(invalid("before_seq excludes after_seq;"));
    }
    if range.after_seq.is_some_and(|seq| seq < 0) {
        return Err(invalid("after_seq"));
    }
    if range.before_seq.is_some_and(|seq| seq < 1) {
        return Err(invalid("before_seq"));
    }
    let read = move |conn: &mut Conn<'_>| {
        require(conn, &owner.account, &session)?;
        match range.before_seq {
            Some(seq) => before(conn, &session, seq, limit + 1),
            None => after(conn, &session, range.after_seq.unwrap_or(0), limit + 1),
        }
    };
    let mut messages = services.relay.list(read).await?;
    let has_more = i64::try_from(messages.len()).is_ok_and(|found| found > limit);
    let has_more = has_more && !faults::mutant!("sync-page-ends-early");
    messages.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(Json(Page { messages, has_more }))
}

fn before(conn: &mut Conn<'_>, session: &str, seq: i64, limit: i64) -> Result<Vec<MessageView>, Error> {
    conn.query(
        "SELECT seq, id, local_id, content, created_at FROM sync_messages
         WHERE session_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3",
        &[v(session), v(seq), v(limit)],
        MessageView::load,
    )
}

fn after(conn: &mut Conn<'_>, session: &str, seq: i64, limit: i64) -> Result<Vec<MessageView>, Error> {
    conn.query(
        "SELECT seq, id, local_id, content, created_at FROM sync_messages
         WHERE session_id = $1 AND seq > $2 ORDER BY seq LIMIT $3",
        &[v(session), v(seq), v(limit)],
        MessageView::load,
    )
}

fn invalid(what: &str) -> Problem {
    Problem::bad_request(format!("querystring/{what} is out of range")).named("Error")
}
