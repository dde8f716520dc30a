//! Fan-out of published messages to the subscribers within this process; both backends end here.

use bytes::Bytes;
use futures::stream::{self, BoxStream, Stream, StreamExt};
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use tokio::sync::broadcast::{self, Receiver, Sender, error::RecvError};

/// Messages that wait for the slowest subscriber of a channel before it has to be told that it lagged.
const BACKLOG: usize = 256;

/// What a [`Subscription`] yields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A message published on the channel.
    Message(Bytes),
    /// Messages may have been missed: the subscriber was too slow, or the connection to the server was lost and is there
    /// again. Read the source of truth anew.
    Lagged,
}

/// The messages of one channel from the moment of subscribing, as a stream. Dropping it unsubscribes.
pub struct Subscription(BoxStream<'static, Event>);

impl Subscription {
    fn new(receiver: Receiver<Event>) -> Self {
        let events = stream::unfold(receiver, |mut receiver| async {
            let event = match receiver.recv().await {
                Ok(event) => event,
                Err(RecvError::Lagged(_)) => Event::Lagged,
                Err(RecvError::Closed) => return None,
            };
            Some((event, receiver))
        });
        Self(events.boxed())
    }
}

impl Stream for Subscription {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Event>> {
        self.0.poll_next_unpin(context)
    }
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Subscription")
    }
}

/// The channels somebody in this process listens to.
#[derive(Debug, Default)]
pub(crate) struct Channels(Mutex<HashMap<String, Sender<Event>>>);

impl Channels {
    pub(crate) fn subscribe(&self, channel: &str) -> Subscription {
        let mut senders = self.senders();
        // Channels nobody publishes on any more would otherwise stay for ever.
        senders.retain(|_, sender| sender.receiver_count() > 0);
        let sender = senders.entry(channel.to_owned()).or_insert_with(|| broadcast::channel(BACKLOG).0);
        Subscription::new(sender.subscribe())
    }

    /// Hands an event to the channel's subscribers. `false`: there is none (any more).
    pub(crate) fn send(&self, channel: &str, event: Event) -> bool {
        self.senders().get(channel).is_some_and(|sender| sender.send(event).is_ok())
    }

    pub(crate) fn send_to_all(&self, event: &Event) {
        for sender in self.senders().values() {
            // Fails where the last subscriber is gone, which is not news.
            _ = sender.send(event.clone());
        }
    }

    /// The channels that have a subscriber.
    pub(crate) fn names(&self) -> Vec<String> {
        let senders = self.senders();
        senders
            .iter()
            .filter(|(_, sender)| sender.receiver_count() > 0)
            .map(|(name, _)| name.clone())
            .collect()
    }

    fn senders(&self) -> MutexGuard<'_, HashMap<String, Sender<Event>>> {
        // No code under the lock panics half-way through a change.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
