//! A running shell, a client that sends exactly what it is told, an authenticator with fixed keys, and fixed sites.

mod client;
mod here;
mod keys;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use server::{App, Check, Error, Mount, Shell, ShellConfig};
use tokio::{net::TcpListener, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

pub(crate) use client::{Client, Reply};
pub(crate) use here::Here;
pub(crate) use keys::{Keys, READ, WRITE};

/// Long enough for a busy machine, short enough to fail within a test run.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// A served shell. Dropping it stops it.
pub(crate) struct Server {
    pub(crate) addr: SocketAddr,
    pub(crate) keys: Arc<Keys>,
    pub(crate) shutdown: CancellationToken,
    running: JoinHandle<Result<(), Error>>,
}

impl Server {
    pub(crate) async fn start(apps: Vec<App>) -> Self {
        Self::start_with(ShellConfig::default(), Vec::new(), apps).await
    }

    pub(crate) async fn start_with(config: ShellConfig, checks: Vec<Check>, apps: Vec<App>) -> Self {
        let keys = Arc::new(Keys::default());
        let shell =
            Shell::new(config, keys.clone(), Arc::new(Here), checks, apps).expect("apps fit together");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let shutdown = CancellationToken::new();
        let running = tokio::spawn(shell.serve(listener, shutdown.clone()));
        Self { addr, keys, shutdown, running }
    }

    pub(crate) async fn connect(&self) -> Client {
        Client::connect(self.addr).await
    }

    /// One request on a connection of its own. `head` is the request line and header lines without the final blank line.
    pub(crate) async fn send(&self, head: &str) -> Reply {
        self.send_body(head, b"").await
    }

    pub(crate) async fn send_body(&self, head: &str, body: &[u8]) -> Reply {
        let mut client = self.connect().await;
        client.write(format!("{head}\r\nhost: test\r\n").as_bytes()).await;
        if !body.is_empty() {
            client.write(format!("content-length: {}\r\n", body.len()).as_bytes()).await;
        }
        client.write(b"\r\n").await;
        client.write(body).await;
        client.reply(head.starts_with("HEAD")).await
    }

    /// One request with no host but those in `head`.
    pub(crate) async fn send_exactly(&self, head: &str) -> Reply {
        let mut client = self.connect().await;
        client.write(format!("{head}\r\n\r\n").as_bytes()).await;
        client.reply(head.starts_with("HEAD")).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(&format!("GET {path} HTTP/1.1")).await
    }

    /// Waits for the shell to end by itself.
    pub(crate) async fn ended(mut self) -> Result<(), Error> {
        timeout(PATIENCE, &mut self.running).await.expect("the shell ends").expect("the shell does not panic")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

/// An app with nothing but mounts.
pub(crate) fn app(name: &'static str, mounts: Vec<Mount>) -> App {
    App { mounts, ..App::new(name) }
}
