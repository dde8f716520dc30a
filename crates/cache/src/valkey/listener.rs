//! The connection on which the server sends what is published; one for all subscriptions of this process.

use super::connection;
use crate::channels::{Channels, Event};
use crate::{Error, Subscription};
use bytes::Bytes;
use futures::StreamExt;
use redis::aio::{PubSubSink, PubSubStream};
use redis::{Client, Msg, RedisError};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

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

struct Task {
    client: Client,
    prefix: String,
    channels: Arc<Channels>,
    requests: mpsc::Receiver<Request>,
}

impl Task {
    async fn run(mut self) {
        let Some(mut request) = self.requests.recv().await else { return };
        let mut retry = FIRST_RETRY;
        loop {
            match self.connect().await {
                Ok((sink, stream)) => {
                    retry = FIRST_RETRY;
                    // Whoever asked is subscribed: `connect` covers every channel that has a subscriber.
                    _ = request.confirmed.send(());
                    // What was published while there was no connection is lost.
                    self.channels.send_to_all(&Event::Lagged);
                    if !self.listen(sink, stream).await {
                        return;
                    }
                    tracing::warn!(server = connection::server(&self.client), "lost the subscriptions; reconnecting");
                }
                Err(error) => {
                    tracing::warn!(server = connection::server(&self.client), %error, "cannot subscribe; trying again");
                    sleep(retry).await;
                    retry = (retry * 2).min(LAST_RETRY);
                }
            }
        }
    }
}
