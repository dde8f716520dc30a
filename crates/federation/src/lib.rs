//! The microblog among the servers of the fediverse (spec/social.md §4, §5, §9).
//!
//! - What others ask is answered by [`mod@routes`]; what they say goes through [`mod@inbox`], which believes nothing that is not signed by
//!   whoever it is about, and makes it true together with the fact that it has been dealt with;
//! - what happens here is an event of the microblog: [`mod@outgoing`] makes activities and deliveries of it, [`mod@delivery`] sends them, in
//!   order and for days;
//! - whoever is elsewhere is asked for by [`mod@fetch`] and kept by [`mod@actors`].
//!
//! Every request to another server passes the guard of the crate `outbound`, is bounded in size, time and number, and is signed by the
//! instance actor.

#![expect(
    clippy::similar_names,
    reason = "follower and followed, signer and signed are what these are called"
)]

mod actors;
mod app;
mod bounds;
mod config;
mod delivery;
mod domains;
mod elsewhere;
mod error;
mod fetch;
pub mod fuzzing;
mod hosts;
mod inbox;
mod keys;
mod meters;
mod names;
mod outgoing;
mod remote;
mod routes;
mod services;

pub use app::{Federation, FederationParts};
pub use config::FederationConfig;
pub use error::Error;
pub use fetch::FetchError;
