//! One keep-alive connection.

use std::net::SocketAddr;

use anyhow::{Context, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The largest answer that is read.
const MAX_ANSWER: usize = 4 << 20;
/// Between head and body.
pub(crate) const END_OF_HEAD: &[u8] = b"\r\n\r\n";

/// A connection with the bytes of the last answer.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// The answer to one request.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer<'a> {
    /// The status code.
    pub status: u16,
    /// The header fields, a line each.
    pub fields: &'a str,
    /// The body.
    pub body: &'a [u8],
}

impl<'a> Answer<'a> {
    /// One of the header fields.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'a str> {
        field(self.fields, name)
    }
}

/// The bytes of a GET request for a path with its query.
#[must_use]
pub fn request(address: SocketAddr, target: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nhost: {address}\r\naccept: application/json\r\n\r\n").into_bytes()
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// When nobody listens.
    pub async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await.with_context(|| format!("connecting to {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a request and reads the answer to it.
    ///
    /// # Errors
    /// When the connection breaks, or the answer has no `content-length`.
    pub async fn send(&mut self, request: &[u8]) -> anyhow::Result<Answer<'_>> {
        self.send_parts(&[request]).await
    }

    /// The same with a request in several parts, none of which is copied.
    ///
    /// # Errors
    /// See [`send`](Self::send).
    pub async fn send_parts(&mut self, request: &[&[u8]]) -> anyhow::Result<Answer<'_>> {
        let Head { status, start, length } = self.send_for_head(request).await?;
        let end = start + length;
        while self.buffer.len() < end {
            self.read_more().await?;
        }
        if self.buffer.len() > end {
            bail!("{} bytes after the end of an answer", self.buffer.len() - end);
        }
        let (head, body) = self.buffer.split_at(start);
        Ok(Answer { status, fields: std::str::from_utf8(head).unwrap_or_default(), body })
    }

    /// Sends a request, reads an answer of any length, and throws its body away. Returns its status and how many bytes of it
    /// there were.
    ///
    /// # Errors
    /// See [`send`](Self::send).
    pub async fn drain(&mut self, request: &[u8]) -> anyhow::Result<(u16, usize)> {
        let Head { status, start, length } = self.send_for_head(&[request]).await?;
        let mut left = length.checked_sub(self.buffer.len() - start);
        while let Some(more @ 1..) = left {
            self.buffer.clear();
            let read = self.stream.read_buf(&mut self.buffer).await?;
            if read == 0 {
                bail!("the server closed the connection within an answer");
            }
            left = more.checked_sub(read);
        }
        if left.is_none() {
            bail!("bytes after the end of an answer");
        }
        Ok((status, length))
    }

    async fn send_for_head(&mut self, request: &[&[u8]]) -> anyhow::Result<Head> {
        for part in request {
            self.stream.write_all(part).await?;
        }
        self.buffer.clear();
        loop {
            if let Some(head) = find(&self.buffer, END_OF_HEAD) {
                let (status, length) = parse_head(&self.buffer[..head])?;
                return Ok(Head { status, start: head + END_OF_HEAD.len(), length });
            }
            self.read_more().await?;
        }
    }

    async fn read_more(&mut self) -> anyhow::Result<()> {
        if self.buffer.len() > MAX_ANSWER {
            bail!("an answer of more than {MAX_ANSWER} bytes");
        }
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the server closed the connection within an answer");
        }
        Ok(())
    }
}

/// What the beginning of an answer says.
struct Head {
    status: u16,
    /// Where the body begins in the buffer.
    start: usize,
    /// How long the body is.
    length: usize,
}

/// Where something begins.
pub(crate) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

/// One of some header fields.
pub(crate) fn field<'a>(fields: &'a str, name: &str) -> Option<&'a str> {
    fields.split("\r\n").find_map(|field| {
        let (its, value) = field.split_once(':')?;
        its.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// Status code and content length.
fn parse_head(head: &[u8]) -> anyhow::Result<(u16, usize)> {
    let head = std::str::from_utf8(head).context("a head that is not text")?;
    let (status_line, fields) = head.split_once("\r\n").context("an answer without header fields")?;
    let status = status_line.split(' ').nth(1).and_then(|code| code.parse().ok());
    let length = field(fields, "content-length").and_then(|value| value.parse().ok());
    let status = status.context("no status code")?;
    // An answer with nothing in it needs not say so (RFC 9110 §8.6).
    let length = length.or(matches!(status, 204 | 304).then_some(0));
    Ok((status, length.context("an answer without content-length")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn reads_answers_that_arrive_in_pieces() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut received = vec![0; 1_024];
            for pieces in [
                &["HTTP/1.1 200 OK\r\nContent-", "Length: 5\r\n\r", "\nhe", "llo"][..],
                &["HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"],
                &["HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhe", "l", "lo"],
                &["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"],
            ] {
                let length = stream.read(&mut received).await.unwrap();
                assert!(received[..length].starts_with(b"GET /a?b=c HTTP/1.1\r\n"));
                assert!(received[..length].ends_with(END_OF_HEAD));
                for piece in pieces {
                    stream.write_all(piece.as_bytes()).await.unwrap();
                    tokio::time::sleep(std::time::Duration::from_millis(2)).await;
                }
            }
        });
        let mut connection = Connection::open(address).await.unwrap();
        let get = request(address, "/a?b=c");
        let answer = connection.send(&get).await.unwrap();
        assert_eq!(
            (answer.status, answer.body, answer.field("Content-length")),
            (200, &b"hello"[..], Some("5"))
        );
        let answer = connection.send(&get).await.unwrap();
        assert_eq!((answer.status, answer.body), (404, &b""[..]));
        assert_eq!(connection.drain(&get).await.unwrap(), (200, 5));
        let error = connection.send(&get).await.unwrap_err().to_string();
        assert!(error.contains("content-length"), "{error}");
        server.await.unwrap();
    }
}
