//! The sync app as people run it: its real clients, and what becomes of messages when servers and connections die
//! (spec/sync.md).

mod clients;
mod github;
mod meters;
mod relays;
mod stops;
mod storms;
