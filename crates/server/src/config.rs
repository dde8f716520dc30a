//! Limits and identity of the shell.

use std::time::Duration;

use crate::TrustedProxies;

/// How the shell behaves. `Default` suits a server behind a reverse proxy.
#[derive(Clone, Debug)]
pub struct ShellConfig {
    /// Reported by `/health`.
    pub version: &'static str,
    /// The path that all routes but the probes live under, e.g. `/hv`: no slash at the end. Empty: at the root.
    pub base_path: String,
    /// Whose word counts about the addresses of clients.
    pub trusted_proxies: TrustedProxies,
    /// How long a handler may take until the head of its response, without what it waits for the body of the request; then 408. That is
    /// also the longest pause of a body, which must come on average with 4 KiB a second.
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
            base_path: String::new(),
            trusted_proxies: TrustedProxies::default(),
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
