//! Everything that somebody has here, one JSON object a line, in short reads: however much it is, little of it is in memory.

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::stream;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde_json::{Value, json};
use server::Problem;
use store::{Conn, Row, v};

use crate::services::Services;
use crate::users::view;
use crate::wire::{Me, instant};
use crate::{Error, Id};

/// Rows that are read at a time.
const AT_A_TIME: i64 = 500;

/// A kind of rows: what it is called, where it is, what is read of each. The first column orders them; parameters are the person and
/// the row to begin after.
struct Section {
    name: &'static str,
    sql: &'static str,
    columns: &'static [&'static str],
}

const SECTIONS: [Section; 9] = [
    Section {
        name: "thought",
        sql: "SELECT t.id, t.uuid, t.content, t.visibility, t.content_warning, t.mood, t.in_reply_to_url, t.created_at
              FROM social_thoughts t WHERE t.user_id = $1 AND t.id > $2 ORDER BY t.id LIMIT $3",
        columns: &["id", "content", "visibility", "contentWarning", "mood", "replyToUrl", "createdAt"],
    },
    Section {
        name: "attachment",
        sql: "SELECT a.id, t.uuid, a.path, a.media_type, a.description FROM social_attachments a
              LEFT JOIN social_thoughts t ON t.id = a.thought_id WHERE a.user_id = $1 AND a.id > $2 ORDER BY a.id LIMIT $3",
        columns: &["thoughtId", "path", "mediaType", "description"],
    },
    Section {
        name: "like",
        sql: "SELECT l.id, coalesce(t.ap_id, t.uuid), l.created_at FROM social_likes l JOIN social_thoughts t ON t.id = l.thought_id
              WHERE l.user_id = $1 AND l.id > $2 ORDER BY l.id LIMIT $3",
        columns: &["thought", "createdAt"],
    },
    Section {
        name: "boost",
        sql: "SELECT l.id, coalesce(t.ap_id, t.uuid), l.created_at FROM social_boosts l JOIN social_thoughts t ON t.id = l.thought_id
              WHERE l.user_id = $1 AND l.id > $2 ORDER BY l.id LIMIT $3",
        columns: &["thought", "createdAt"],
    },
    Section {
        name: "bookmark",
        sql: "SELECT l.id, coalesce(t.ap_id, t.uuid) FROM social_bookmarks l JOIN social_thoughts t ON t.id = l.thought_id
              WHERE l.user_id = $1 AND l.id > $2 ORDER BY l.id LIMIT $3",
        columns: &["thought"],
    },
    Section {
        name: "following",
        sql: "SELECT f.followed, u.handle_key, f.state, f.created_at FROM social_follows f JOIN social_users u ON u.id = f.followed
              WHERE f.follower = $1 AND f.followed > $2 ORDER BY f.followed LIMIT $3",
        columns: &["account", "state", "createdAt"],
    },
    Section {
        name: "follower",
        sql: "SELECT f.follower, u.handle_key, f.state, f.created_at FROM social_follows f JOIN social_users u ON u.id = f.follower
              WHERE f.followed = $1 AND f.follower > $2 ORDER BY f.follower LIMIT $3",
        columns: &["account", "state", "createdAt"],
    },
    Section {
        name: "block",
        sql: "SELECT b.blocked, u.handle_key, b.created_at FROM social_blocks b JOIN social_users u ON u.id = b.blocked
              WHERE b.blocker = $1 AND b.blocked > $2 ORDER BY b.blocked LIMIT $3",
        columns: &["account", "createdAt"],
    },
    Section {
        name: "mute",
        sql: "SELECT b.muted, u.handle_key, b.created_at FROM social_mutes b JOIN social_users u ON u.id = b.muted
              WHERE b.muter = $1 AND b.muted > $2 ORDER BY b.muted LIMIT $3",
        columns: &["account", "createdAt"],
    },
];

pub(super) async fn export(State(services): State<Services>, Me(me): Me) -> Result<Response, Problem> {
    let addresses = services.addresses().clone();
    let profile = services.ask(move |conn| view(conn, &addresses, None, me)).await?;
    let first = line(&json!({ "type": "profile", "data": profile })).map_err(Error::from)?;
    let rest = stream::try_unfold((services, 0_usize, 0_i64), move |(services, section, after)| async move {
        let Some(Section { name, sql, columns }) = SECTIONS.get(section) else { return Ok::<_, Error>(None) };
        let rows = services.ask(move |conn| read(conn, me, sql, columns, after)).await?;
        let mut bytes = Vec::new();
        for (_, data) in &rows {
            bytes.extend_from_slice(&line(&json!({ "type": name, "data": data }))?);
        }
        let is_last = i64::try_from(rows.len()).unwrap_or(i64::MAX) < AT_A_TIME;
        let next = match rows.last() {
            Some((last, _)) if !is_last => (services, section, *last),
            _ => (services, section + 1, 0),
        };
        Ok(Some((Bytes::from(bytes), next)))
    });
    // Whoever reads it to this line has all of it.
    let end = stream::once(async { line(&json!({ "type": "end" })).map_err(Error::from) });
    let body = stream::once(async { Ok::<_, Error>(first) });
    let body = futures::StreamExt::chain(futures::StreamExt::chain(body, rest), end);
    let headers = [
        (CONTENT_TYPE, "application/x-ndjson"),
        (CONTENT_DISPOSITION, "attachment; filename=\"export.ndjson\""),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

fn line(value: &Value) -> Result<Bytes, serde_json::Error> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    Ok(line.into())
}

fn read(
    conn: &mut Conn<'_>,
    me: Id,
    sql: &str,
    columns: &[&str],
    after: i64,
) -> Result<Vec<(i64, Value)>, Error> {
    conn.query(sql, &[me.into(), v(after), v(AT_A_TIME)], |row| {
        let mut data = serde_json::Map::new();
        for (column, name) in columns.iter().enumerate() {
            data.insert((*name).to_owned(), cell(row, column + 1, name)?);
        }
        Ok((row.int(0)?, data.into()))
    })
}

fn cell(row: &Row<'_>, column: usize, name: &str) -> Result<Value, Error> {
    Ok(match name {
        "createdAt" => instant(row.int(column)?).into(),
        _ => row.opt_text(column)?.into(),
    })
}
