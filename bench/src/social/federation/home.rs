//! Somebody on the server that is measured, and those who follow them.

use std::net::SocketAddr;

use anyhow::{Context, ensure};
use rusqlite::Connection as Database;
use serde_json::{Value, json};

use super::sink::Sink;
use crate::belvedere::{Belvedere, Server};
use crate::http::Connection;

/// Followers on each host; all of one host share an inbox.
const EACH: usize = 25;

/// Somebody here.
pub(super) struct Home {
    pub(super) uuid: String,
    token: String,
}

impl Home {
    pub(super) async fn register(server: &Server<'_>) -> anyhow::Result<Self> {
        let account =
            json!({ "username": "alice", "email": "alice@mail.example", "password": "correct horse" });
        let made = post(server.address(), "/social/auth/register", "", &account).await?;
        let text = |value: &Value| value.as_str().map(str::to_owned).context("no text");
        Ok(Self { uuid: text(&made["user"]["id"])?, token: text(&made["token"])? })
    }

    /// Writes something for everybody, and says which thought it is.
    pub(super) async fn write(&self, server: &Server<'_>, content: &str) -> anyhow::Result<String> {
        let (authorization, thought) =
            (format!("authorization: Bearer {}\r\n", self.token), json!({ "content": content }));
        let made = post(server.address(), "/social/thoughts", &authorization, &thought).await?;
        made["id"].as_str().map(str::to_owned).context("a thought without an id")
    }

    /// Lets many of each host follow, while the server does not run.
    pub(super) fn follow(&self, belvedere: &Belvedere, sink: &Sink) -> anyhow::Result<()> {
        let database = open(belvedere)?;
        let host = sink.host_of("(i / ?2)");
        let numbers = "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?1 - 1)";
        let (count, each) = (i64::try_from(sink.hosts() * EACH)?, i64::try_from(EACH)?);
        for sql in [
            format!(
                "{numbers} INSERT INTO social_users (id, uuid, username, host, handle_key, ap_id, created_at, updated_at)
                 SELECT 1 + i, 'follower-' || i, 'f' || i, {host}, 'f' || i || '@' || {host}, 'http://' || {host} || '/users/f' || i, 1, 1 FROM n"
            ),
            format!(
                "{numbers} INSERT INTO social_remote_actors (user_id, inbox, shared_inbox, fetched_at)
                 SELECT 1 + i, 'http://' || {host} || '/users/f' || i || '/inbox', 'http://' || {host} || '/inbox', 1 FROM n"
            ),
        ] {
            database.execute(&sql, [count, each])?;
        }
        let follow = "INSERT INTO social_follows (follower, followed, state, created_at)
             SELECT f.id, u.id, 'accepted', 1 FROM social_users f, social_users u WHERE f.id <= ?1 AND u.uuid = ?2";
        let made = database.execute(follow, (count, &self.uuid))?;
        ensure!(made == sink.hosts() * EACH, "{made} follows");
        Ok(())
    }
}

/// The database of a server that does not run.
pub(super) fn open(belvedere: &Belvedere) -> anyhow::Result<Database> {
    Ok(Database::open(belvedere.data().join("state.db"))?)
}

async fn post(address: SocketAddr, path: &str, more: &str, body: &Value) -> anyhow::Result<Value> {
    let body = body.to_string();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\n{more}content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut connection = Connection::open(address).await?;
    let answer = connection.send_parts(&[head.as_bytes(), body.as_bytes()]).await?;
    ensure!(answer.status == 201, "{path}: {} {}", answer.status, String::from_utf8_lossy(answer.body));
    Ok(serde_json::from_slice(answer.body)?)
}
