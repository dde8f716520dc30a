//! One suite of behaviour for both backends, and what only a server can do: lose its connection.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking, its helpers too")]

mod backends;
mod bounds;
mod buckets;
mod channels;
mod counters;
mod locks;
mod proxy;
mod reconnect;
mod values;
