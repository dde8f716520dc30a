//! What can go wrong: the server, or a caller that asks for too much.

/// Why a cache operation failed.
///
/// The memory backend fails only with [`Error::TooLarge`] and [`Error::Overflow`]. A caller decides what an absent Valkey
/// means: a page is built without its cache, a rate limit lets the request pass, a login is refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No connection to the server could be made.
    #[error(
        "cannot connect to Valkey at {server}: {source}; check that the server runs and that the URL is right"
    )]
    Connect {
        /// Host and port; never the password.
        server: String,
        /// What the client library said.
        source: redis::RedisError,
    },
    /// The URL is not one of `redis://`, `rediss://`, `valkey://`, `valkeys://` or `unix://`.
    #[error("not the URL of a Valkey server (expected redis://host:port/database): {source}")]
    Url {
        /// What the client library said.
        source: redis::RedisError,
    },
    /// The server refused a command, or the connection broke while it ran: then it may have been carried out or not.
    #[error("Valkey: {operation} failed: {source}")]
    Command {
        /// The operation of [`Cache`](crate::Cache) that sent the command.
        operation: &'static str,
        /// What the client library said.
        source: redis::RedisError,
    },
    /// The server did not confirm a subscription in time.
    #[error(
        "Valkey did not confirm the subscription to {channel} within {seconds} s; is the server reachable?"
    )]
    Subscribe {
        /// The channel asked for, without the prefix.
        channel: String,
        /// How long was waited.
        seconds: u64,
    },
    /// A key, value or message is beyond its bound and was not stored.
    #[error("{what} of {size} bytes is larger than the {limit} bytes a cache takes")]
    TooLarge {
        /// `key`, `value` or `message`.
        what: &'static str,
        /// Its size in bytes.
        size: usize,
        /// The bound in bytes.
        limit: usize,
    },
    /// A counter would leave the range of a signed 64-bit integer; it keeps its value.
    #[error("counter {key} would overflow")]
    Overflow {
        /// The key of the counter.
        key: String,
    },
}
