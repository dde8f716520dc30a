//! `message`: the older way to send one, which is not told back to its sender.

use std::sync::Arc;

use serde::Deserialize;

use crate::Error;
use crate::messages::{NewMessage, post};
use crate::socket::connection::Connection;
use crate::socket::dispatch::Incoming;
use crate::socket::queue::Job;
use crate::wire::{Label, Opaque};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    sid: Label,
    message: Opaque,
    #[serde(default)]
    local_id: Option<Label>,
}

pub(in crate::socket) fn receive(mut event: Incoming<'_>) {
    let Some(Sent { sid, message, local_id }) = event.data() else { return };
    let local_id = local_id.filter(|id| !id.is_empty());
    let message = NewMessage { local_id, content: message };
    event.enqueue(Job::Message { session: sid.into_string(), message });
}

/// Adds messages that came one after the other.
pub(in crate::socket) async fn send(connection: &Connection, session: String, messages: Vec<NewMessage>) {
    let (account, session) = (connection.account.clone(), Arc::from(session));
    let sender = connection.listener.id.clone();
    let bytes = messages.iter().map(|message| message.content.len()).sum();
    let sent = connection.services.relay.write_little(&connection.account, bytes, move |tx| {
        post(tx, &account, &session, &messages, Some(&sender))
    });
    match sent.await {
        // Somebody else's session, or none, or no room: there is nobody to say it to.
        Ok(_) | Err(Error::NotFound(_) | Error::NoRoom) => {}
        Err(error) => tracing::error!(%error, "messages of a socket were not stored"),
    }
}
