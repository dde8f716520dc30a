//! Raw HTTP/1.1 over TCP: no normalisation, no retries, no hidden headers.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::PATIENCE;

pub(crate) struct Client {
    stream: TcpStream,
    unread: Vec<u8>,
}

/// A complete response.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Client {
    pub(crate) async fn connect(addr: SocketAddr) -> Self {
        Self { stream: TcpStream::connect(addr).await.unwrap(), unread: Vec::new() }
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    /// Writes until the peer resets the connection or takes no more.
    pub(crate) async fn try_write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.stream.write_all(bytes).await
    }

    /// Reads one response.
    pub(crate) async fn reply(&mut self, head_only: bool) -> Reply {
        let (status, headers) = self.head().await;
        let mut reply = Reply { status, headers, body: Vec::new() };
        if head_only || matches!(status, 100..200 | 204 | 304) {
            return reply;
        }
        if let Some(length) = reply.header("content-length") {
            let length = length.parse().unwrap();
            reply.body = self.take(length).await;
        } else if reply.header("transfer-encoding").is_some() {
            while let Some(chunk) = self.chunk().await {
                reply.body.extend(chunk);
            }
        } else {
            self.fill_to_end().await;
            reply.body = std::mem::take(&mut self.unread);
        }
        reply
    }

    /// Reads the status line and the headers.
    pub(crate) async fn head(&mut self) -> (u16, Vec<(String, String)>) {
        let head = self.take_through(b"\r\n\r\n").await;
        let head = String::from_utf8(head).unwrap();
        let mut lines = head.trim_end().split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines.map(|line| line.split_once(": ").expect(line));
        (status, headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// Reads one chunk of a chunked body; nothing at its end.
    pub(crate) async fn chunk(&mut self) -> Option<Vec<u8>> {
        let size = String::from_utf8(self.take_through(b"\r\n").await).unwrap();
        let size = usize::from_str_radix(size.trim(), 16).unwrap();
        let mut chunk = self.take(size + 2).await;
        chunk.truncate(size);
        (size > 0).then_some(chunk)
    }

    /// Reads until the peer closes; true if it did so without a further byte.
    pub(crate) async fn is_closed(&mut self) -> bool {
        self.fill_to_end().await;
        self.unread.is_empty()
    }

    async fn take_through(&mut self, mark: &[u8]) -> Vec<u8> {
        loop {
            if let Some(at) = self.unread.windows(mark.len()).position(|window| window == mark) {
                return self.unread.drain(..at + mark.len()).collect();
            }
            assert!(self.fill().await > 0, "closed after {:?}", String::from_utf8_lossy(&self.unread));
        }
    }

    async fn take(&mut self, length: usize) -> Vec<u8> {
        while self.unread.len() < length {
            assert!(self.fill().await > 0, "closed within a body");
        }
        self.unread.drain(..length).collect()
    }

    async fn fill_to_end(&mut self) {
        while self.fill().await > 0 {}
    }

    async fn fill(&mut self) -> usize {
        let read = timeout(PATIENCE, self.stream.read_buf(&mut self.unread)).await;
        // A reset is an end too.
        read.expect("the server answers").unwrap_or(0)
    }
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(header, _)| header.eq_ignore_ascii_case(name));
        let value = found.next().map(|(_, value)| value.as_str());
        assert!(found.next().is_none(), "{name} is sent once: {:?}", self.headers);
        value
    }

    /// Every value of a header that may be sent several times.
    pub(crate) fn headers(&self, name: &str) -> Vec<&str> {
        let found = self.headers.iter().filter(|(header, _)| header.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str()).collect()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {:?}", self.text()))
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}
