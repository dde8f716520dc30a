//! What the microblog makes of what people do, as rows, on each engine.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]
#![expect(clippy::similar_names, reason = "follower and followed are what these people are called")]

mod costs;
mod counting;
mod crowded;
mod feeds;
mod follows;
mod importing;
mod model;
mod people;
mod pictures;
mod rules;
mod searching;
mod seeing;
mod soak;
mod threads;
mod upgrading;
