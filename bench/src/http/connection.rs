//! One keep-alive connection.

use std::net::SocketAddr;

use anyhow::{Context, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The largest answer that is read.
const MAX_ANSWER: usize = 4 << 20;
const END_OF_HEAD: &[u8] = b"\r\n\r\n";

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
    /// The body.
    pub body: &'a [u8],
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
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let (status, start, end) = loop {
            if let Some(head) = find(&self.buffer, END_OF_HEAD) {
                let (status, length) = parse_head(&self.buffer[..head])?;
                let start = head + END_OF_HEAD.len();
                break (status, start, start + length);
            }
            self.read_more().await?;
        };
        while self.buffer.len() < end {
            self.read_more().await?;
        }
        if self.buffer.len() > end {
            bail!("{} bytes after the end of an answer", self.buffer.len() - end);
        }
        Ok(Answer { status, body: &self.buffer[start..end] })
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

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

/// Status code and content length.
fn parse_head(head: &[u8]) -> anyhow::Result<(u16, usize)> {
    let head = std::str::from_utf8(head).context("a head that is not text")?;
    let (status_line, fields) = head.split_once("\r\n").context("an answer without header fields")?;
    let status = status_line.split(' ').nth(1).and_then(|code| code.parse().ok());
    let length = fields.split("\r\n").find_map(|field| {
        let (name, value) = field.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    let status = status.context("no status code")?;
    // An answer with nothing in it needs not say so (RFC 9110 §8.6).
    let length = length.or((status == 204).then_some(0));
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
        assert_eq!(connection.send(&get).await.unwrap(), Answer { status: 200, body: b"hello" });
        assert_eq!(connection.send(&get).await.unwrap(), Answer { status: 404, body: b"" });
        let error = connection.send(&get).await.unwrap_err().to_string();
        assert!(error.contains("content-length"), "{error}");
        server.await.unwrap();
    }
}
