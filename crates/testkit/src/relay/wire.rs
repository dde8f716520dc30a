//! Socket.IO packets over a WebSocket, as text. The real client is in `peers/sync`.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

/// How long a server may take to say good-bye, too.
const FAREWELL: Duration = Duration::from_secs(1);

/// A connected socket.
pub struct Wire {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

/// Why there is no socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody is there, or whoever was has gone.
    Unreachable,
    /// The server says no, in these words.
    Refused(String),
}

impl Wire {
    /// Knocks at the server at `base` (`http://…`) with what the handshake is to carry.
    ///
    /// # Errors
    /// When nobody lets us in.
    pub async fn connect(base: &str, auth: &Value) -> Result<Self, Refusal> {
        let url = format!("{}/v1/updates/?EIO=4&transport=websocket", base.replacen("http", "ws", 1));
        let (stream, _) =
            connect_async_with_config(url, None, true).await.map_err(|_| Refusal::Unreachable)?;
        let mut wire = Self { stream };
        let open = wire.next().await.ok_or(Refusal::Unreachable)?;
        assert!(open.starts_with("0{"), "{open}");
        wire.send(format!("40{auth}")).await;
        let answer = wire.next().await.ok_or(Refusal::Unreachable)?;
        if let Some(refusal) = answer.strip_prefix("44") {
            let refusal: Value = serde_json::from_str(refusal).unwrap_or_default();
            return Err(Refusal::Refused(refusal["message"].as_str().unwrap_or_default().to_owned()));
        }
        assert!(answer.starts_with("40{"), "{answer}");
        Ok(wire)
    }

    /// The next packet that is no ping (those are answered); nothing when the connection has ended.
    pub async fn next(&mut self) -> Option<Utf8Bytes> {
        loop {
            match self.stream.next().await? {
                Ok(Message::Text(text)) if text == "2" => self.send("3".to_owned()).await,
                Ok(Message::Text(text)) => return Some(text),
                Ok(_) => {}
                Err(_) => return None,
            }
        }
    }

    /// Sends a packet. That the connection has ended is noticed by reading.
    pub async fn send(&mut self, packet: String) {
        _ = self.stream.send(Message::text(packet)).await;
    }

    /// Says good-bye, and hears the server out: a connection that is closed with something unread takes back what was said last.
    pub async fn leave(mut self) {
        self.send("41".to_owned()).await;
        _ = self.stream.close(None).await;
        let rest = async { while let Some(Ok(_)) = self.stream.next().await {} };
        _ = timeout(FAREWELL, rest).await;
    }
}
