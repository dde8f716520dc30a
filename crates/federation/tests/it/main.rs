//! The federation, served, among others: a server that shares no code with it, another instance of itself, and strangers who lie.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]
#![expect(clippy::similar_names, reason = "follower and followed are what these people are called")]

mod arbitrary;
mod attacks;
mod delivery;
mod discovery;
mod endings;
mod lists;
mod moves;
mod oddities;
mod ops_hosts;
mod ops_people;
mod ours;
mod outage;
mod profiles;
mod raw;
mod scenarios;
mod site;
mod soak;
mod stranger;
mod trouble;
