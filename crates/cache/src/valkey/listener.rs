//! The connection on which the server sends what is published; one for all subscriptions of this process.

use super::connection;
use crate::channels::{Channels, Event};
use crate::{Error, Subscription};
use bytes::Bytes;
use futures::StreamExt;
use redis::aio::{PubSubSink, PubSubStream};
use redis::{Client, Msg, RedisError, Value};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::select;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, timeout};

/// For connecting, and for the server's confirmation of a subscription or a ping.
const TIMEOUT: Duration = Duration::from_secs(5);

/// A peer that vanished without a word is noticed by an unanswered ping.
const PING_EVERY: Duration = Duration::from_secs(15);

const FIRST_RETRY: Duration = Duration::from_millis(50);
const LAST_RETRY: Duration = Duration::from_secs(2);

/// Subscriptions that may wait for the connection at a time.
const MAX_WAITING: usize = 64;

/// The caller's end of the task that owns the connection; when it is dropped the task ends.
pub(super) struct Listener {
    channels: Arc<Channels>,
    requests: mpsc::Sender<Request>,
}

struct Request {
    channel: String,
    confirmed: oneshot::Sender<()>,
}

impl Listener {
    /// Starts the task. It connects when there is a first subscription, and not before.
    pub(super) fn spawn(client: Client, prefix: String) -> Self {
        let channels = Arc::new(Channels::default());
        let (sender, requests) = mpsc::channel(MAX_WAITING);
        tokio::spawn(Task { client, prefix, channels: Arc::clone(&channels), requests }.run());
        Self { channels, requests: sender }
    }

    /// Returns when the server has confirmed that it will send the channel's messages.
    pub(super) async fn subscribe(&self, channel: &str) -> Result<Subscription, Error> {
        // First, so that a reconnection meanwhile includes it.
        let subscription = self.channels.subscribe(channel);
        let (confirmed, confirmation) = oneshot::channel();
        let request = Request { channel: channel.to_owned(), confirmed };
        let confirm = async { self.requests.send(request).await.is_ok() && confirmation.await.is_ok() };
        match timeout(TIMEOUT, confirm).await {
            Ok(true) => Ok(subscription),
            _ => Err(Error::Subscribe { channel: channel.to_owned(), seconds: TIMEOUT.as_secs() }),
        }
    }
}

impl Request {
    fn confirm(self) {
        // The caller may have given up waiting.
        _ = self.confirmed.send(());
    }
}

struct Task {
    client: Client,
    prefix: String,
    channels: Arc<Channels>,
    requests: mpsc::Receiver<Request>,
}

impl Task {
    async fn run(mut self) {
        let Some(request) = self.requests.recv().await else { return };
        // Later requests wait in the queue while there is no connection; this one has left it.
        let mut first = Some(request);
        let mut retry = FIRST_RETRY;
        while !self.requests.is_closed() {
            match self.connect().await {
                Ok((sink, stream)) => {
                    retry = FIRST_RETRY;
                    match first.take() {
                        Some(request) => request.confirm(),
                        // What was published while there was no connection is lost.
                        None => self.channels.send_to_all(&Event::Lagged),
                    }
                    self.listen(sink, stream).await;
                }
                Err(error) => {
                    let server = connection::server(&self.client);
                    tracing::warn!(server, %error, "cannot subscribe on Valkey; trying again");
                    sleep(retry).await;
                    retry = (retry * 2).min(LAST_RETRY);
                }
            }
        }
    }

    /// A connection on which all channels that have a subscriber are subscribed.
    async fn connect(&self) -> Result<(PubSubSink, PubSubStream), RedisError> {
        let connect = async {
            let (mut sink, stream) = self.client.get_async_pubsub().await?.split();
            let names: Vec<_> = self.channels.names().iter().map(|name| self.prefixed(name)).collect();
            if !names.is_empty() {
                sink.subscribe(names).await?;
            }
            Ok((sink, stream))
        };
        timeout(TIMEOUT, connect)
            .await
            .unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut).into()))
    }

    /// Delivers messages until the connection breaks or nobody is left to deliver to.
    async fn listen(&mut self, mut sink: PubSubSink, mut stream: PubSubStream) {
        let mut pings = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let alive = select! {
                message = stream.next() => match message {
                    Some(message) => self.deliver(&message, &mut sink).await,
                    None => false,
                },
                request = self.requests.recv() => match request {
                    Some(request) => {
                        let alive = answered(sink.subscribe(self.prefixed(&request.channel))).await;
                        if alive {
                            request.confirm();
                        }
                        alive
                    }
                    None => return,
                },
                _ = pings.tick() => answered(sink.ping::<Value>()).await,
            };
            if !alive {
                tracing::warn!(
                    server = connection::server(&self.client),
                    "lost the connection for subscriptions"
                );
                return;
            }
        }
    }

    async fn deliver(&self, message: &Msg, sink: &mut PubSubSink) -> bool {
        let Some(channel) = message.get_channel_name().strip_prefix(&self.prefix) else { return true };
        let payload = Bytes::copy_from_slice(message.get_payload_bytes());
        if self.channels.send(channel, Event::Message(payload)) {
            return true;
        }
        // The last subscriber is gone. Requests are handled by this task alone, so no new one can be overtaken.
        answered(sink.unsubscribe(self.prefixed(channel))).await
    }

    fn prefixed(&self, channel: &str) -> String {
        format!("{}{channel}", self.prefix)
    }
}

/// Whether the server answered, in time and without an error.
async fn answered<T>(answer: impl Future<Output = Result<T, RedisError>>) -> bool {
    matches!(timeout(TIMEOUT, answer).await, Ok(Ok(_)))
}
