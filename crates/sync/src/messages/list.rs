//! Reading messages.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use server::{Json, Problem};
use store::{Conn, v};

use super::view::MessageView;
use crate::Error;
use crate::portion::{Fit, LIST, Laden, PAGE, Place};
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
) -> Result<Laden<Json<Messages>>, Problem> {
    let newest = Stretch { session, from: i64::MAX, is_backwards: true };
    let (messages, _, place) = newest.read(&services, owner, 150, LIST).await?;
    Ok(Laden(Json(Messages { messages }), place))
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
) -> Result<Laden<Json<Page>>, Problem> {
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
    let (from, is_backwards) = match range.before_seq {
        Some(seq) => (seq, true),
        None => (range.after_seq.unwrap_or(0), false),
    };
    let stretch = Stretch { session, from, is_backwards };
    let (messages, fit, place) = stretch.read(&services, owner, limit, PAGE).await?;
    let has_more = fit.has_more && !faults::mutant!("sync-page-ends-early");
    Ok(Laden(Json(Page { messages, has_more }), place))
}

/// Messages of a session from a number on, without that one.
#[derive(Clone)]
struct Stretch {
    session: String,
    from: i64,
    is_backwards: bool,
}

impl Stretch {
    /// At most `limit` of them, of at most `most` bytes, or one.
    async fn read(
        self,
        services: &Services,
        owner: Owner,
        limit: i64,
        most: i64,
    ) -> Result<(Vec<MessageView>, Fit, Place), Error> {
        let counted = self.clone();
        let fit = move |conn: &mut Conn<'_>| {
            require(conn, &owner.account, &counted.session)?;
            let sizes = if counted.is_backwards {
                "SELECT OCTET_LENGTH(content) FROM sync_messages
                 WHERE session_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3"
            } else {
                "SELECT OCTET_LENGTH(content) FROM sync_messages
                 WHERE session_id = $1 AND seq > $2 ORDER BY seq LIMIT $3"
            };
            Fit::of(conn, sizes, &[v(&counted.session), v(counted.from), v(limit + 1)], limit, most)
        };
        let rows = move |conn: &mut Conn<'_>, fit: &Fit| {
            let sql = if self.is_backwards {
                "SELECT seq, id, local_id, content, created_at FROM sync_messages
                 WHERE session_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3"
            } else {
                "SELECT seq, id, local_id, content, created_at FROM sync_messages
                 WHERE session_id = $1 AND seq > $2 ORDER BY seq LIMIT $3"
            };
            conn.query(sql, &[v(&self.session), v(self.from), v(fit.rows)], MessageView::load)
        };
        services.relay.portion(fit, rows).await
    }
}

fn invalid(what: &str) -> Problem {
    Problem::bad_request(format!("querystring/{what} is out of range")).named("Error")
}
