//! What following a stream needs.

use std::sync::Arc;
use std::time::Duration;

use events::EventLog;
use identity::Resolver;
use outbound::Outbound;
use url::Url;

use super::Upstream;
use crate::{IngestHook, Records, Wanted};

/// Settings of a stream.
#[derive(Clone, Debug)]
pub struct IngestConfig {
    /// The servers, at least one; the first is followed while it can be, and then the next.
    pub upstreams: Vec<Upstream>,
    /// Ask Jetstream for frames compressed with zstd: less than half the traffic for a little more CPU time.
    pub compress: bool,
    /// Names this instance in the lease; the same name takes over its own lease at once after a crash.
    pub instance: String,
    /// Waits between two attempts to connect: the first one, doubled up to the second.
    pub back_off: (Duration, Duration),
}

impl IngestConfig {
    /// For a Jetstream server, with the waits of spec/appview.md §1.3.
    #[must_use]
    pub fn new(url: Url, instance: String) -> Self {
        let upstreams = vec![Upstream::Jetstream(url)];
        Self {
            upstreams,
            compress: true,
            instance,
            back_off: (Duration::from_secs(2), Duration::from_mins(1)),
        }
    }
}

/// Everything [`Ingest`](super::Ingest) works with.
pub struct IngestParts {
    /// Where records go.
    pub records: Records,
    /// Where what happens is recorded.
    pub events: EventLog,
    /// The way to the stream.
    pub outbound: Outbound,
    /// Told when an account's identity changed.
    pub resolver: Resolver,
    /// What the stream is asked for.
    pub wanted: Wanted,
    /// Asked about each record event, in this order.
    pub hooks: Vec<Arc<dyn IngestHook>>,
    /// Where, and how patiently.
    pub config: IngestConfig,
}
