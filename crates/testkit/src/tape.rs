//! A stream that was recorded, played to whoever subscribes.

use std::net::SocketAddr;
use std::sync::Arc;

use futures::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::{Error, Message};
use url::Url;

/// A server that sends the same messages to everybody, whatever they ask for, and then nothing any more. Stops with the runtime of
/// the test.
pub struct Tape {
    address: SocketAddr,
}

impl Tape {
    /// Plays text, as Jetstreams send it.
    pub async fn of_text(messages: impl IntoIterator<Item = String>) -> Self {
        Self::of(messages.into_iter().map(Message::text).collect()).await
    }

    /// Plays bytes, as relays, hosts, labelers and compressing Jetstreams send them.
    pub async fn of_bytes(messages: impl IntoIterator<Item = Vec<u8>>) -> Self {
        Self::of(messages.into_iter().map(Message::binary).collect()).await
    }

    async fn of(messages: Vec<Message>) -> Self {
        let listener =
            TcpListener::bind("127.0.0.1:0").await.unwrap_or_else(|error| panic!("a port: {error}"));
        let address = listener.local_addr().unwrap_or_else(|error| panic!("its address: {error}"));
        let messages: Arc<[Message]> = messages.into();
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                // A subscriber that has left is no error.
                let playing = play(connection, Arc::clone(&messages));
                tokio::spawn(async move { drop(playing.await) });
            }
        });
        Self { address }
    }

    /// Where it is, without the path of a method.
    #[must_use]
    pub fn url(&self) -> Url {
        Url::parse(&format!("ws://{}", self.address)).unwrap_or_else(|error| panic!("a URL: {error}"))
    }
}

async fn play(connection: TcpStream, messages: Arc<[Message]>) -> Result<(), Error> {
    let mut socket = accept_async(connection).await?;
    for message in &*messages {
        socket.feed(message.clone()).await?;
    }
    socket.flush().await?;
    while let Some(message) = socket.next().await {
        message?;
    }
    Ok(())
}
