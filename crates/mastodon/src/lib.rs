//! Mastodon's client API in front of the microblog (docs/mastodon-api.md), for the clients that people already have.
//!
//! - Nothing is decided here: what may be seen and done is what [`social`] says, whose transactions every change goes through.
//! - What a route needs of a token is said beside the route and checked in one place, the `door`, before any handler runs.
//! - Entities are made of rows by a handful of statements, however many there are on a page.
//! - Streams tell nothing that a request for the same thing would not have shown.

mod accounts;
mod app;
mod caller;
mod door;
mod entities;
mod fields;
pub mod fuzzing;
mod instance;
mod listed;
mod media;
mod need;
mod notifications;
mod oauth;
mod paging;
mod refusal;
mod reports;
mod search;
mod services;
mod statuses;
mod streaming;
mod timelines;
mod told;

pub use app::{Mastodon, MastodonParts};
