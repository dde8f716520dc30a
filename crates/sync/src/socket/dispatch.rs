//! From an event's name to what is done about it (spec/sync.md §3.3).

use std::sync::Arc;

use serde::de::DeserializeOwned;
use socketioxide::adapter::LocalAdapter;
use socketioxide::extract::{AckSender, Event, TryData};
use socketioxide::handler::{FromMessageParts, MessageHandler, Value};
use socketioxide::socket::Socket;

use super::connection::Connection;
use super::events::{app_state, artifacts, keys, machines, message, presence, rpc, sessions, usage};
use super::queue::Job;
use crate::live::Listener;

/// Handles every event of one socket. It is called by the task that reads the socket, so events come in order and it must
/// not wait.
pub(super) struct Dispatcher(pub(super) Arc<Connection>);

/// An event as it arrives: who sent it, what it carries, whom to answer.
pub(super) struct Incoming<'a> {
    pub(super) connection: &'a Arc<Connection>,
    socket: &'a Arc<Socket<LocalAdapter>>,
    value: Value,
    ack_id: Option<i64>,
    pub(super) bytes: usize,
}

impl Incoming<'_> {
    /// What the event carries; nothing if it is not of this shape.
    pub(super) fn data<T: DeserializeOwned>(&mut self) -> Option<T> {
        let Ok(TryData(data)) = <TryData<T> as FromMessageParts<LocalAdapter>>::from_message_parts(
            self.socket,
            &mut self.value,
            &self.ack_id,
        );
        data.ok()
    }

    /// Whom to answer.
    pub(super) fn ack(&mut self) -> Ack {
        let Ok(sender) = <AckSender as FromMessageParts<LocalAdapter>>::from_message_parts(
            self.socket,
            &mut self.value,
            &self.ack_id,
        );
        Ack { sender, asker: self.connection.listener.clone() }
    }

    /// Does it when everything before it is done.
    pub(super) fn enqueue(self, job: Job) {
        if !self.connection.queue.push(self.connection, self.bytes, job) {
            tracing::warn!(account = &*self.connection.account, "a socket says more than can be done");
            // It says so itself when it comes back.
            let _ = self.connection.listener.socket.clone().disconnect();
        }
    }

    /// Does it in its turn.
    pub(super) fn run(self, work: impl Future<Output = ()> + Send + 'static) {
        self.enqueue(Job::Other(Box::pin(work)));
    }
}

/// The way back of one event. Clients that did not ask for an answer get none.
pub(super) struct Ack {
    sender: AckSender,
    asker: Arc<Listener>,
}

impl Ack {
    pub(super) fn send(self, answer: &impl serde::Serialize) {
        // All answers are maps with texts for keys.
        let Ok(answer) = serde_json::value::to_raw_value(answer) else { return };
        self.asker.owed.answer(answer.get().len());
        if let Err(error) = self.sender.send(&answer) {
            tracing::debug!(%error, "an answer found nobody");
        }
    }
}

impl MessageHandler<LocalAdapter, ()> for Dispatcher {
    fn call(&self, socket: Arc<Socket<LocalAdapter>>, mut value: Value, ack_id: Option<i64>) {
        let Ok(Event(name)) =
            <Event as FromMessageParts<LocalAdapter>>::from_message_parts(&socket, &mut value, &ack_id)
        else {
            return;
        };
        let bytes = match &value {
            Value::Str(text, _) => text.len(),
            Value::Bytes(bytes) => bytes.len(),
        };
        let incoming = Incoming { connection: &self.0, socket: &socket, value, ack_id, bytes };
        if handle(&name, incoming) {
            self.0.meters.event(&name);
        }
    }
}

/// As metrics have it when a socket ends.
pub(super) const DISCONNECT: &str = "disconnect";

macro_rules! events {
    ($count:literal: $($name:literal => $handler:path),* $(,)?) => {
        /// What clients may say, and what is counted beside it.
        pub(crate) const EVENT_NAMES: [&str; $count] = ["ping", DISCONNECT, $($name),*];

        /// Whether there is such an event.
        fn handle(name: &str, mut event: Incoming<'_>) -> bool {
            match name {
                "ping" => event.ack().send(&serde_json::json!({})),
                $($name => $handler(event),)*
                _ => return false,
            }
            true
        }
    };
}

events! { 20:
    "app-state" => app_state::set,
    "message" => message::receive,
    "update-metadata" => sessions::metadata,
    "update-state" => sessions::state,
    "session-alive" => presence::session_alive,
    "session-end" => presence::session_end,
    "machine-alive" => presence::machine_alive,
    "machine-update-metadata" => machines::metadata,
    "machine-update-state" => machines::state,
    "usage-report" => usage::report,
    "access-key-get" => keys::get,
    "artifact-read" => artifacts::read,
    "artifact-create" => artifacts::create,
    "artifact-update" => artifacts::update,
    "artifact-delete" => artifacts::delete,
    "rpc-register" => rpc::register,
    "rpc-unregister" => rpc::unregister,
    "rpc-call" => rpc::call,
}
