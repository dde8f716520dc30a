//! A microblog: people, what they think, whom they follow, what they are told, and its REST API (spec/social.md §1–§3, §6, §7).
//!
//! - A person is one row wherever they are at home, and so is a follow: one rule says who may see what, for readers here and servers
//!   elsewhere.
//! - Everything that changes something is a function of a transaction, so that what came from another server, and that it has been
//!   dealt with, become true together.
//! - Feeds are walks of primary keys: ids are in the order of time, and no feed costs more because there is more of it.
//!
//! Other servers are not spoken with here: what they have to be told is an [`Event`], what is asked of them goes through [`Elsewhere`].

#![expect(clippy::similar_names, reason = "follower and followed are what these people are called")]

mod address;
mod app;
pub mod auth;
mod config;
mod counts;
mod css;
mod elsewhere;
mod error;
mod event;
pub mod feeds;
pub mod health;
mod id;
pub mod import;
mod inboxes;
mod live;
mod look_up;
pub mod media;
pub mod moderation;
pub mod moving;
pub mod notifications;
pub mod reactions;
mod reference;
pub mod relations;
mod schema;
pub mod search;
mod services;
mod social;
mod sql;
pub mod thoughts;
mod throttle;
mod transfer;
pub mod users;
mod visibility;
mod wire;

pub use address::Addresses;
pub use app::{SocialApp, SocialAppParts};
pub use config::SocialConfig;
pub use elsewhere::Elsewhere;
pub use error::Error;
pub use event::Event;
pub use id::Id;
pub use live::{Live, Told};
pub use schema::SCHEMA;
pub use social::{Social, SocialParts};
pub use visibility::Visibility;
