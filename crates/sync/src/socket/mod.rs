//! The second door: Socket.IO at `/v1/updates/` (spec/sync.md §3).
//!
//! A socket is a [`Connection`](connection::Connection): a listener that is fed (see `live`), and a queue of what its client
//! said, worked off in order by a task that outlives the socket, so that what was said before a disconnect is done. Calls
//! between sockets do not wait in the queue.

mod connection;
mod dispatch;
mod events;
mod handshake;
mod queue;
mod server;

pub(crate) use dispatch::EVENT_NAMES;
pub(crate) use server::{Door, routes};
