//! Calls from one socket of an account to another (spec/sync.md §3.5).

use std::sync::Arc;
use std::time::{Duration, Instant};

use metrics::{counter, histogram};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::live::Listener;
use crate::socket::connection::Connection;
use crate::socket::dispatch::Incoming;
use crate::telemetry::{RPC_CALLS, RPC_SECONDS};
use crate::wire::Label;

/// How long a caller waits for somebody who answers to appear.
const APPEARANCE: Duration = Duration::from_secs(15);

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
        return ack.send(&json!({ "ok": false, "error": "Invalid parameters: method is required" }));
    };
    tokio::spawn(async move {
        let (name, started) = (label(&call.method), Instant::now());
        let outcome = forward(&connection, call).await;
        let result = outcome.as_ref().map_or_else(Failure::name, |_| "success");
        counter!(RPC_CALLS, "method" => name, "result" => result).increment(1);
        histogram!(RPC_SECONDS, "method" => name, "result" => result).record(started.elapsed().as_secs_f64());
        match outcome {
            Ok(result) => ack.send(&json!({ "ok": true, "result": result })),
            Err(failure) => ack.send(&json!({ "ok": false, "error": failure.text() })),
        }
    });
}

/// Why a call has no result.
enum Failure {
    NotAvailable,
    SelfCall,
    TimedOut,
    Disconnected,
}

impl Failure {
    /// Clients compare the first of these literally.
    fn text(&self) -> &'static str {
        match self {
            Self::NotAvailable => "RPC method not available",
            Self::SelfCall => "Cannot call RPC on the same socket",
            Self::TimedOut => "operation has timed out",
            Self::Disconnected => "RPC target disconnected",
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::NotAvailable => "not_available",
            Self::SelfCall => "self_call",
            Self::TimedOut => "timeout",
            Self::Disconnected => "target_disconnected",
        }
    }
}

async fn forward(connection: &Connection, call: Call) -> Result<Value, Failure> {
    let callee = callee(connection, &call.method).await.ok_or(Failure::NotAvailable)?;
    if callee.id == connection.listener.id {
        return Err(Failure::SelfCall);
    }
    callee.begun.cancelled().await;
    let request = json!({ "method": call.method, "params": call.params });
    let answer = callee.socket.emit_with_ack::<_, Value>("rpc-request", &request);
    let answer = answer.map_err(|_| Failure::Disconnected)?;
    tokio::select! {
        answer = answer => answer.map_err(|_| Failure::TimedOut),
        () = callee.gone.cancelled() => Err(Failure::Disconnected),
    }
}

/// The socket that answers; waited for, because it may just be coming back.
async fn callee(connection: &Connection, method: &str) -> Option<Arc<Listener>> {
    let callees = &connection.feed.callees;
    let appearance = async {
        loop {
            let registration = callees.registration();
            tokio::pin!(registration);
            // Before looking, or what is registered in between would not wake us.
            registration.as_mut().enable();
            if let Some(callee) = callees.find(method) {
                return callee;
            }
            registration.await;
        }
    };
    timeout(APPEARANCE, appearance).await.ok()
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
