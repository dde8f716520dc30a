//! People at a server, and what they ask.

use std::net::SocketAddr;

use anyhow::{Context, bail};
use aws_lc_rs::signature::Ed25519KeyPair;
use serde_json::{Value, json};
use testkit::relay::{Refusal, Wire, credentials};

use crate::belvedere::Server;
use crate::http::Connection;

/// Somebody with an account and a session.
pub(super) struct Visitor {
    address: SocketAddr,
    token: String,
    pub(super) session: String,
}

impl Visitor {
    pub(super) async fn new(server: &Server<'_>) -> anyhow::Result<Self> {
        let address = server.address();
        let key = Ed25519KeyPair::generate().context("a key")?;
        let mut visitor = Self { address, token: String::new(), session: String::new() };
        let answer = visitor.ask("POST", "/v1/auth", &credentials(&key, b"anything")).await?;
        visitor.token = text(&answer["token"])?;
        visitor.session = visitor.make_session("bench").await?;
        Ok(visitor)
    }

    pub(super) async fn make_session(&self, tag: &str) -> anyhow::Result<String> {
        let body = json!({ "tag": tag, "metadata": "x".repeat(500) });
        text(&self.ask("POST", "/v1/sessions", &body).await?["session"]["id"])
    }

    /// One request on a connection of its own, which must succeed.
    pub(super) async fn ask(&self, method: &str, path: &str, body: &Value) -> anyhow::Result<Value> {
        let mut connection = Connection::open(self.address).await?;
        let answer = connection.send(&self.request(method, path, &body.to_string())).await?;
        if answer.status != 200 {
            bail!("{method} {path}: {} {}", answer.status, String::from_utf8_lossy(answer.body));
        }
        Ok(serde_json::from_slice(answer.body)?)
    }

    /// The bytes of a request.
    pub(super) fn request(&self, method: &str, path: &str, body: &str) -> Vec<u8> {
        let Self { address, token, .. } = self;
        let length = body.len();
        format!(
            "{method} {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        )
        .into_bytes()
    }

    pub(super) async fn connect(&self) -> anyhow::Result<Connection> {
        Connection::open(self.address).await
    }

    /// A socket that is told everything, or of the session only.
    pub(super) async fn listen(&self, is_of_session: bool) -> anyhow::Result<Wire> {
        let auth = if is_of_session {
            json!({ "token": self.token, "clientType": "session-scoped", "sessionId": self.session })
        } else {
            json!({ "token": self.token, "clientType": "user-scoped" })
        };
        Wire::connect(&format!("http://{}", self.address), &auth).await.map_err(|refusal| match refusal {
            Refusal::Unreachable => anyhow::anyhow!("no socket can be opened"),
            Refusal::Refused(reason) => anyhow::anyhow!("a socket is refused: {reason}"),
        })
    }
}

fn text(value: &Value) -> anyhow::Result<String> {
    value.as_str().map(str::to_owned).with_context(|| format!("not a text: {value}"))
}
