//! The relay, served, on each engine.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]
#![expect(unused_must_use, reason = "often the status says all")]

mod artifacts;
mod attachments;
mod auth;
mod away;
mod bucket;
mod concurrency;
mod github;
mod happy;
mod hostile;
mod imported_tokens;
mod importing;
mod instances;
mod kept;
mod leaving;
mod machines;
mod messages;
mod meters;
mod operator;
mod others;
mod pairing;
mod people;
mod portions;
mod push;
mod routes;
mod rpc;
mod sessions;
mod site;
mod slow;
mod socket;
mod value_counts;
mod values;
mod vendors;
mod voice;
mod web;
