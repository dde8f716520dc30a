//! Names of the metrics, for those who read them.

use metrics::{describe_counter, describe_gauge};

/// Sockets that could not take an update at once and got it from the log.
pub(crate) const LAGGING: &str = "sync_sockets_lagging_total";

/// Connected sockets, by scope.
pub(crate) const SOCKETS: &str = "websocket_connections_total";

/// Events of clients, by name.
pub(crate) const EVENTS: &str = "websocket_events_total";

/// Calls from socket to socket, by method and what became of them.
pub(crate) const RPC_CALLS: &str = "rpc_calls_total";

/// How long such calls took, in seconds.
pub(crate) const RPC_SECONDS: &str = "rpc_call_duration_seconds";

pub(crate) fn describe() {
    describe_counter!(LAGGING, "Sockets that could not take an update at once and got it from the log");
    describe_gauge!(SOCKETS, "Connected sockets, by scope");
    describe_counter!(EVENTS, "Events of clients, by name");
    describe_counter!(RPC_CALLS, "Calls from socket to socket, by method and outcome");
    metrics::describe_histogram!(RPC_SECONDS, metrics::Unit::Seconds, "Calls from socket to socket");
}
