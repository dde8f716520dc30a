//! Many other servers, each with an address of its own, which take whatever they are sent and show anybody's actor.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::http::{END_OF_HEAD, field, find};

/// Hosts whose addresses differ only in the last number.
const ROW: usize = 250;

/// How often a port is looked for that is free on every address.
const TRIES: usize = 20;

/// All of them; they end with the runtime.
pub(super) struct Sink {
    port: u16,
    shared: Arc<Shared>,
    hosts: usize,
}

struct Shared {
    public_key: String,
    taken: AtomicUsize,
}

impl Sink {
    /// So many hosts, whose people all have the same key.
    pub(super) async fn start(hosts: usize, public_key: &str) -> anyhow::Result<Self> {
        let (port, listeners) = listen(hosts).await?;
        let shared = Arc::new(Shared { public_key: public_key.to_owned(), taken: AtomicUsize::new(0) });
        for (host, listener) in listeners.into_iter().enumerate() {
            let (shared, authority) = (Arc::clone(&shared), format!("{}:{port}", address(host)));
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let (shared, authority) = (Arc::clone(&shared), authority.clone());
                    tokio::spawn(async move { answer(stream, &shared, &authority).await });
                }
            });
        }
        Ok(Self { port, shared, hosts })
    }

    pub(super) fn hosts(&self) -> usize {
        self.hosts
    }

    /// One of them, with its port.
    pub(super) fn host(&self, host: usize) -> String {
        format!("{}:{}", address(host), self.port)
    }

    /// The same in SQL, for a number in SQL.
    pub(super) fn host_of(&self, number: &str) -> String {
        format!("'127.0.' || (1 + {number} / {ROW}) || '.' || (1 + {number} % {ROW}) || ':{}'", self.port)
    }

    /// How much they were sent so far.
    pub(super) fn taken(&self) -> usize {
        self.shared.taken.load(Ordering::Relaxed)
    }
}

fn address(host: usize) -> String {
    format!("127.0.{}.{}", 1 + host / ROW, 1 + host % ROW)
}

async fn listen(hosts: usize) -> anyhow::Result<(u16, Vec<TcpListener>)> {
    for _ in 0..TRIES {
        let first = TcpListener::bind((address(0), 0)).await?;
        let port = first.local_addr()?.port();
        let mut listeners = vec![first];
        for host in 1..hosts {
            match TcpListener::bind((address(host), port)).await {
                Ok(listener) => listeners.push(listener),
                Err(_) => break,
            }
        }
        if listeners.len() == hosts {
            return Ok((port, listeners));
        }
    }
    anyhow::bail!("no port is free on {hosts} addresses")
}

/// One connection, until it ends.
async fn answer(mut stream: TcpStream, shared: &Shared, authority: &str) -> anyhow::Result<()> {
    let mut buffer = Vec::with_capacity(16 * 1024);
    while stream.read_buf(&mut buffer).await? > 0 {
        while let Some(head) = find(&buffer, END_OF_HEAD) {
            let text = std::str::from_utf8(&buffer[..head])?;
            let length: usize = field(text, "content-length").unwrap_or("0").parse()?;
            let end = head + END_OF_HEAD.len() + length;
            if buffer.len() < end {
                break;
            }
            let reply = if text.starts_with("POST ") {
                shared.taken.fetch_add(1, Ordering::Relaxed);
                "HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n".to_owned()
            } else {
                let path = text.split(' ').nth(1).context("a request without a path")?;
                shown(&actor(shared, &format!("http://{authority}{path}")))?
            };
            buffer.drain(..end);
            stream.write_all(reply.as_bytes()).await?;
        }
    }
    Ok(())
}

fn shown(document: &str) -> anyhow::Result<String> {
    let mut answer = String::from("HTTP/1.1 200 OK\r\ncontent-type: application/activity+json\r\n");
    write!(answer, "content-length: {}\r\n\r\n{document}", document.len())?;
    Ok(answer)
}

fn actor(shared: &Shared, id: &str) -> String {
    let name = id.rsplit('/').next();
    json!({
        "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
        "id": id, "type": "Person", "preferredUsername": name,
        "inbox": format!("{id}/inbox"), "outbox": format!("{id}/outbox"), "followers": format!("{id}/followers"),
        "publicKey": { "id": format!("{id}#main-key"), "owner": id, "publicKeyPem": shared.public_key },
    })
    .to_string()
}
