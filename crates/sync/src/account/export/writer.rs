//! Reads an account from beginning to end and hands out its lines.

use std::sync::Arc;
use std::time::Duration;

use accounts::Vault;
use axum::body::Bytes;
use blobs::Bucket;
use serde_json::json;
use store::{Conn, Database, Role, v};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};
use tracing::warn;

use super::page::{Key, Stretch, lines, stretches};
use super::parts::{ATTACHMENTS, OF_ACCOUNT, OF_SESSION, Part, SESSIONS};
use crate::wire::encode;
use crate::{Error, attachments, avatars, vendors};

/// How long the caller may take to take what is ready.
const PATIENCE: Duration = Duration::from_mins(1);

/// How much of it the caller must take on average, in bytes a second: others wait for the place.
const LEAST: u64 = 64 * 1024;

/// Why an answer ends before its end; whoever reads it sees that it does.
#[derive(Debug, thiserror::Error)]
#[error("the export could not be finished")]
pub(super) struct Broken;

/// Why nothing more is written.
enum End {
    /// Nobody reads.
    Unread,
    Failed(Error),
}

impl From<Error> for End {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// One export under way.
pub(super) struct Writer {
    state: Database,
    vault: Vault,
    bucket: Option<Bucket>,
    account: Arc<str>,
    to: mpsc::Sender<Result<Bytes, Broken>>,
    lines: u64,
    /// How much was handed out, and how long the caller was waited for.
    bytes: u64,
    waited: Duration,
}

impl Writer {
    pub(super) fn new(
        state: &Database,
        vault: Vault,
        bucket: Option<Bucket>,
        account: Arc<str>,
        to: mpsc::Sender<Result<Bytes, Broken>>,
    ) -> Self {
        // Whoever waits for an answer of a few rows does not wait behind this.
        let state = state.with_role(Role::Backfill);
        Self { state, vault, bucket, account, to, lines: 0, bytes: 0, waited: Duration::ZERO }
    }

    pub(super) async fn run(mut self) {
        if let Err(End::Failed(error)) = self.write().await {
            warn!(%error, "an export was not finished");
            _ = timeout(PATIENCE, self.to.send(Err(Broken))).await;
        }
    }

    async fn write(&mut self) -> Result<(), End> {
        for part in &OF_ACCOUNT {
            self.part(part, &self.account.clone()).await?;
        }
        self.vendor_tokens().await?;
        self.avatar().await?;
        let account = self.account.clone();
        let mut from = Some(SESSIONS.start());
        while let Some(start) = from {
            let (sessions, next) = self.page(&SESSIONS, &account, start).await?;
            for session in sessions {
                for part in &OF_SESSION {
                    self.part(part, &session).await?;
                }
                self.attachments(&session).await?;
            }
            from = next;
        }
        self.require_account().await?;
        let end = json!({ "kind": "end", "lines": self.lines }).to_string() + "\n";
        self.send(end.into_bytes(), 0).await
    }

    /// Attachments, one by one, as each may be large and elsewhere.
    async fn attachments(&mut self, session: &Arc<str>) -> Result<(), End> {
        let mut from = Some(ATTACHMENTS.start());
        while let Some(start) = from {
            let of = session.clone();
            let (found, next) =
                self.state.read(move |conn| stretches(conn, &ATTACHMENTS, &of, &start)).await?;
            for stretch in found.into_iter().flat_map(Stretch::one_by_one) {
                let Some(Key::Text(name)) = stretch.keys.first().cloned() else { continue };
                let of = session.clone();
                let (mut line, count) =
                    self.state.read(move |conn| lines(conn, &ATTACHMENTS, &of, &stretch)).await?;
                let of = [self.account.to_string(), session.to_string(), name];
                match attachments::read(&self.state, self.bucket.as_ref(), of).await {
                    Ok(content) => add_content(&mut line, &content),
                    // It was deleted in this moment.
                    Err(Error::NotFound(_)) => continue,
                    Err(error) => return Err(error.into()),
                }
                self.send(line, count).await?;
            }
            from = next;
        }
        Ok(())
    }

    /// All of a part.
    async fn part(&mut self, part: &'static Part, owner: &Arc<str>) -> Result<(), End> {
        let mut from = Some(part.start());
        while let Some(start) = from {
            (_, from) = self.page(part, owner, start).await?;
        }
        Ok(())
    }

    /// A page of a part; the names in it, and where to go on.
    async fn page(
        &mut self,
        part: &'static Part,
        owner: &Arc<str>,
        from: Key,
    ) -> Result<(Vec<Arc<str>>, Option<Key>), End> {
        let of = owner.clone();
        let (found, next) = self.state.read(move |conn| stretches(conn, part, &of, &from)).await?;
        let mut names = Vec::new();
        for stretch in found {
            names.extend(stretch.keys.iter().filter_map(|key| match key {
                Key::Text(name) => Some(Arc::from(name.as_str())),
                Key::Int(_) => None,
            }));
            let of = owner.clone();
            let (lines, count) = self.state.read(move |conn| lines(conn, part, &of, &stretch)).await?;
            self.send(lines, count).await?;
        }
        Ok((names, next))
    }

    /// Opened: the account's own clients can read them, too.
    async fn vendor_tokens(&mut self) -> Result<(), End> {
        let (account, vault) = (self.account.clone(), self.vault.clone());
        let tokens = self.state.read(move |conn| vendors::all(conn, &vault, &account)).await?;
        for token in tokens {
            let line = json!({ "kind": "vendorToken", "vendor": token.vendor, "token": token.token });
            self.send((line.to_string() + "\n").into_bytes(), 1).await?;
        }
        Ok(())
    }

    /// The picture it shows.
    async fn avatar(&mut self) -> Result<(), End> {
        let account = self.account.to_string();
        let found = avatars::read(&self.state, self.bucket.as_ref(), account, None).await?;
        let Some((path, content)) = found else { return Ok(()) };
        let line = json!({ "kind": "avatar", "path": path, "content": encode(&content) });
        self.send((line.to_string() + "\n").into_bytes(), 1).await
    }

    /// What was deleted meanwhile has no end.
    async fn require_account(&self) -> Result<(), Error> {
        let account = self.account.clone();
        let is_there = move |conn: &mut Conn<'_>| {
            let sql = "SELECT 1 FROM sync_accounts WHERE id = $1 AND public_key NOT LIKE 'deleted:%'";
            conn.query_opt(sql, &[v(&*account)], |row| Ok::<_, Error>(row.int(0)?))
        };
        self.state.read(is_there).await?.map(drop).ok_or(Error::NotFound("Account"))
    }

    async fn send(&mut self, lines: Vec<u8>, count: u64) -> Result<(), End> {
        if lines.is_empty() {
            return Ok(());
        }
        self.lines += count;
        self.bytes += lines.len() as u64;
        let asked = Instant::now();
        let sent = timeout(PATIENCE, self.to.send(Ok(lines.into()))).await;
        self.waited += asked.elapsed();
        match sent {
            Ok(Ok(())) if self.waited < PATIENCE + Duration::from_secs(self.bytes / LEAST) => Ok(()),
            Ok(_) | Err(_) => Err(End::Unread),
        }
    }
}

/// Adds the content to the line of an attachment, which is an object with members.
fn add_content(line: &mut Vec<u8>, content: &[u8]) {
    if line.ends_with(b"}\n") {
        line.truncate(line.len() - 2);
        line.extend_from_slice(b",\"content\":\"");
        line.extend_from_slice(encode(content).as_bytes());
        line.extend_from_slice(b"\"}\n");
    }
}
