//! Names of the metrics, for those who read them.

use metrics::{describe_counter, describe_gauge};

/// Sockets that could not take an update at once and got it from the log.
pub(crate) const LAGGING: &str = "sync_sockets_lagging_total";

/// Connected sockets, by scope and client.
pub(crate) const SOCKETS: &str = "websocket_connections_total";

/// Events of clients, by name and client.
pub(crate) const EVENTS: &str = "websocket_events_total";

/// Calls from socket to socket, by method and what became of them.
pub(crate) const RPC_CALLS: &str = "rpc_calls_total";

/// How long such calls took, in seconds.
pub(crate) const RPC_SECONDS: &str = "rpc_call_duration_seconds";

/// Signs of life of sessions that were believed.
pub(crate) const SESSION_SIGNS: &str = "session_alive_events_total";

/// The same of machines.
pub(crate) const MACHINE_SIGNS: &str = "machine_alive_events_total";

/// Whether a sign of life was known to be of the account's, without asking the database.
pub(crate) const PRESENCE_LOOKUPS: &str = "session_cache_operations_total";

/// Signs of life that said nothing worth writing, by what showed them.
pub(crate) const SKIPPED_WRITES: &str = "database_updates_skipped_total";

/// How often other instances were asked again for somebody who answers a call, by method.
pub(crate) const RPC_RETRIES: &str = "rpc_lookup_retries";

/// Rows, by table; about as many where there are many.
pub(crate) const RECORDS: &str = "database_records_total";

pub(crate) fn describe() {
    describe_gauge!(RECORDS, "Rows, by table; about as many where there are many");
    metrics::describe_histogram!(
        RPC_RETRIES,
        "How often other instances were asked again for somebody who answers a call"
    );
    describe_counter!(SESSION_SIGNS, "Signs of life of sessions that were believed");
    describe_counter!(MACHINE_SIGNS, "Signs of life of machines that were believed");
    describe_counter!(PRESENCE_LOOKUPS, "Whether whose a sign of life is was known, by operation and result");
    describe_counter!(SKIPPED_WRITES, "Signs of life that said nothing worth writing, by what showed them");
    describe_counter!(LAGGING, "Sockets that could not take an update at once and got it from the log");
    describe_gauge!(SOCKETS, "Connected sockets, by scope and client");
    describe_counter!(EVENTS, "Events of clients, by name and client");
    describe_counter!(RPC_CALLS, "Calls from socket to socket, by method and outcome");
    metrics::describe_histogram!(RPC_SECONDS, metrics::Unit::Seconds, "Calls from socket to socket");
}
