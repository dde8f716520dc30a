//! Calls from one socket of an account to another (spec/sync.md §3.5).

use std::sync::atomic::AtomicU32;
use std::time::Instant;

use metrics::{counter, histogram};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::rpc::{Failure, Request};
use crate::socket::connection::Connection;
use crate::socket::dispatch::Incoming;
use crate::telemetry::{RPC_CALLS, RPC_RETRIES, RPC_SECONDS};
use crate::wire::Label;

#[derive(Deserialize)]
struct Method {
    method: Label,
}

pub(in crate::socket) fn register(mut event: Incoming<'_>) {
    let connection = event.connection;
    let method = event.data::<Method>().map(|it| it.method).filter(|method| !method.is_empty());
    let Some(method) = method else { return refuse(event, "register") };
    if !connection.feed.callees.add(&method, &connection.listener) {
        return refuse(event, "register");
    }
    // Whoever left in the meantime takes nothing with them.
    if connection.listener.gone.is_cancelled() {
        connection.feed.callees.remove_all(&connection.listener.id);
    }
    say(event, "rpc-registered", json!({ "method": method }));
}

pub(in crate::socket) fn unregister(mut event: Incoming<'_>) {
    let connection = event.connection;
    let method = event.data::<Method>().map(|it| it.method).filter(|method| !method.is_empty());
    let Some(method) = method else { return refuse(event, "unregister") };
    connection.feed.callees.remove(&method, &connection.listener.id);
    say(event, "rpc-unregistered", json!({ "method": method }));
}

fn refuse(event: Incoming<'_>, what: &str) {
    say(event, "rpc-error", json!({ "type": what, "error": "Invalid method name" }));
}

fn say(event: Incoming<'_>, name: &'static str, body: Value) {
    let connection = event.connection.clone();
    event.run(async move {
        if let Err(error) = connection.listener.socket.emit(name, &body) {
            tracing::debug!(%error, event = name, "a socket was not told");
        }
    });
}

/// Calls of one socket that are under way: each may wait for half a minute.
const MAX_CALLS: usize = 64;

/// What the calls of an account carry here at once, in bytes.
const MAX_CARRIED: usize = 16 * 1024 * 1024;

#[derive(Deserialize)]
struct Call {
    method: Label,
    #[serde(default)]
    params: Value,
}

/// Not in the queue: it may take half a minute, and the client goes on.
pub(in crate::socket) fn call(mut event: Incoming<'_>) {
    let (ack, connection) = (event.ack(), event.connection.clone());
    let Some(call) = event.data::<Call>().filter(|call| !call.method.is_empty()) else {
        counter!(RPC_CALLS, "method" => "other", "result" => "invalid_params").increment(1);
        return ack.send(&json!({ "ok": false, "error": "Invalid parameters: method is required" }));
    };
    let under_way = connection
        .calls
        .add(1, MAX_CALLS)
        .zip(connection.feed.carried.add(event.bytes, MAX_CARRIED))
        .ok_or(Failure::TooMany);
    tokio::spawn(async move {
        let (name, started) = (label(&call.method), Instant::now());
        let retries = AtomicU32::new(0);
        let outcome = match &under_way {
            Ok(_) => forward(&connection, &call, &retries).await,
            Err(failure) => Err(*failure),
        };
        let result = outcome.as_ref().map_or_else(|failure| failure.name(), |_| "success");
        counter!(RPC_CALLS, "method" => name, "result" => result).increment(1);
        histogram!(RPC_SECONDS, "method" => name, "result" => result).record(started.elapsed().as_secs_f64());
        histogram!(RPC_RETRIES, "method" => name).record(retries.into_inner());
        match outcome {
            Ok(result) => ack.send(&json!({ "ok": true, "result": result })),
            Err(failure) => ack.send(&json!({ "ok": false, "error": failure.text() })),
        }
    });
}

async fn forward(connection: &Connection, call: &Call, retries: &AtomicU32) -> Result<Value, Failure> {
    let Connection { services, account, feed, listener, .. } = connection;
    let (method, params) = (&call.method, &call.params);
    let request = Request { account, caller: &listener.id, method, params, retries };
    request.make(&services.relay, feed, &services.cache).await
}

/// Methods that the known clients have, as metrics show them: what others say must not become a label each.
const KNOWN: [&str; 21] = [
    "bash",
    "readFile",
    "writeFile",
    "listDirectory",
    "getDirectoryTree",
    "ripgrep",
    "difftastic",
    "permission",
    "abort",
    "killSession",
    "spawn-happy-session",
    "resume-happy-session",
    "stop-session",
    "stop-daemon",
    "claude-fork-session",
    "claude-list-rewind-points",
    "claude-duplicate-session",
    "codex-fork-thread",
    "codex-list-rewind-points",
    "codex-duplicate-thread",
    "switch",
];

fn label(method: &str) -> &'static str {
    let name = method.rsplit(':').next().unwrap_or_default();
    KNOWN.into_iter().find(|known| *known == name).unwrap_or("other")
}
