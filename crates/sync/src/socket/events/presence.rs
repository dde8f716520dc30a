//! `session-alive`, `session-end`, `machine-alive`.

use serde::Deserialize;
use serde_json::Value;

use crate::presence::believable;
use crate::sessions::end;
use crate::socket::dispatch::Incoming;
use crate::wire::{Label, from_millis};

#[derive(Deserialize)]
struct SessionSign {
    sid: Label,
    time: f64,
    /// Whatever else it is, only `true` means that it thinks.
    #[serde(default)]
    thinking: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MachineSign {
    machine_id: Label,
    time: f64,
}

pub(in crate::socket) fn session_alive(mut event: Incoming<'_>) {
    let Some(SessionSign { sid, time, thinking }) = event.data() else { return };
    let connection = event.connection.clone();
    event.run(async move {
        let thinking = thinking.as_bool().unwrap_or(false);
        connection.services.presence.session_alive(&connection.account, &sid, micros(time), thinking).await;
    });
}

pub(in crate::socket) fn session_end(mut event: Incoming<'_>) {
    let Some(SessionSign { sid, time, .. }) = event.data() else { return };
    let connection = event.connection.clone();
    let Some(at) = believable(micros(time), clock::now_micros()) else { return };
    event.run(async move {
        if let Err(error) = end(&connection.services, &connection.account, &sid, at).await {
            tracing::error!(%error, "the end of a session was not written");
        }
    });
}

pub(in crate::socket) fn machine_alive(mut event: Incoming<'_>) {
    let Some(MachineSign { machine_id, time }) = event.data() else { return };
    let connection = event.connection.clone();
    event.run(async move {
        connection.services.presence.machine_alive(&connection.account, &machine_id, micros(time)).await;
    });
}

/// Clients send whole milliseconds, as JavaScript has them.
#[expect(clippy::cast_possible_truncation, reason = "out of range becomes the nearest in range")]
fn micros(millis: f64) -> i64 {
    from_millis(millis as i64)
}
