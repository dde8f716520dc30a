//! Outgoing connections against servers on loopback.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod backoff;
mod bounds;
mod dns;
mod metrics;
mod named_hosts;
mod network;
mod ranges;
mod rebinding;
mod redirects;
mod refused;
mod requests;
mod tls;
mod websockets;
