//! Following a stream, over a real WebSocket, on both engines.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bad_input;
mod cursor;
mod deciding_late;
mod hooks;
mod lease;
mod projections;
mod rig;
mod slow_hooks;
mod stream;
mod writes;
