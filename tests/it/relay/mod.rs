//! The sync app as people run it: its real clients, and what becomes of messages when servers and connections die
//! (spec/sync.md).

mod bucket;
mod clients;
mod deletion;
mod github;
mod meters;
mod relays;
mod soak;
mod spread;
mod stops;
mod storms;
