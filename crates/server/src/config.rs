//! Limits and identity of the shell.

use std::time::Duration;

/// How the shell behaves. `Default` suits a server behind a reverse proxy.
#[derive(Clone, Debug)]
pub struct ShellConfig {
    /// Reported by `/health`.
    pub version: &'static str,
    /// How long a handler may take until the head of its response; then 408.
    pub request_time_limit: Duration,
    /// How long a client may take to send the head of a request. Also the longest pause between two requests of one
    /// connection.
    pub head_time_limit: Duration,
    /// How long a client may read nothing of a response before its connection is closed.
    pub stall_time_limit: Duration,
    /// The largest request head in bytes; then 431. So do more than 100 header fields.
    pub max_head_bytes: usize,
    /// The longest path and query in bytes; then 414.
    pub max_uri_bytes: usize,
    /// Connections served at once. Further ones wait in the listener's backlog.
    pub max_connections: usize,
    /// How long requests and tasks may go on after shutdown was asked for.
    pub drain_time_limit: Duration,
}

impl Default for ShellConfig {
    fn default() -> Self {
        Self {
            version: "unknown",
            request_time_limit: Duration::from_secs(30),
            head_time_limit: Duration::from_secs(30),
            stall_time_limit: Duration::from_mins(1),
            max_head_bytes: 32 * 1024,
            max_uri_bytes: 8 * 1024,
            max_connections: 10_000,
            drain_time_limit: Duration::from_millis(1500),
        }
    }
}
