//! A registry under load: where it is, and what opens it.

use std::net::SocketAddr;

use anyhow::Context;
use registry_conformance::client::{Client, Request};
use registry_conformance::{Credentials, Target};
use testkit::DockerRegistry;

use super::{PASSWORD, USER};
use crate::belvedere::Server;
use crate::http::Connection;
use crate::process::Process;

/// The repository that is filled.
pub(super) const REPOSITORY: &str = "alice.test/bench";

/// A server.
pub(super) struct Site {
    /// What it is called in tables.
    pub(super) name: &'static str,
    pub(super) address: SocketAddr,
    pub(super) process: Process,
    /// Of whoever may push; the reference server is open.
    client: Option<Client>,
}

impl Site {
    pub(super) fn ours(server: &Server<'_>) -> anyhow::Result<Self> {
        let address = server.address();
        let target = Target {
            url: format!("http://{address}"),
            repositories: [REPOSITORY, REPOSITORY].map(str::to_owned),
            credentials: Some(Credentials { user: USER.into(), password: PASSWORD.into() }),
            draft: false,
            sparse: false,
        };
        let client = Some(Client::new(&target)?);
        Ok(Self { name: "belvedere", address, process: server.process(), client })
    }

    pub(super) fn peer(server: &DockerRegistry) -> anyhow::Result<Self> {
        let address = server.url().strip_prefix("http://").context("no address")?.parse()?;
        let process = Process::new(server.pid());
        Ok(Self { name: "reference", address, process, client: None })
    }

    /// Whether it asks who is there.
    pub(super) fn is_guarded(&self) -> bool {
        self.client.is_some()
    }

    pub(super) async fn connect(&self) -> anyhow::Result<Connection> {
        Connection::open(self.address).await
    }

    /// The header line with a token that lasts some minutes; empty where none is needed.
    pub(super) async fn authorization(&self) -> anyhow::Result<String> {
        let Some(client) = &self.client else { return Ok(String::new()) };
        let path = format!("/v2/{REPOSITORY}/blobs/uploads/");
        let refused = client.send_bare(&Request::new("POST".parse()?, path)).await?.expect(&[401])?;
        let challenge = refused.header("www-authenticate").context("no challenge")?;
        let authorization = client.authorization(challenge).await?.context("no token")?;
        Ok(format!("authorization: {authorization}\r\n"))
    }

    /// The bytes of a request without a body; `more` are header lines.
    pub(super) fn request(&self, method: &str, target: &str, more: &str) -> Vec<u8> {
        self.head(method, target, more, 0)
    }

    /// The bytes of a request before a body of so many bytes.
    pub(super) fn head(&self, method: &str, target: &str, more: &str, length: usize) -> Vec<u8> {
        let address = self.address;
        let length = if method == "GET" { String::new() } else { format!("content-length: {length}\r\n") };
        format!("{method} {target} HTTP/1.1\r\nhost: {address}\r\n{more}{length}\r\n").into_bytes()
    }
}
