//! A blind relay for end-to-end-encrypted sessions (spec/sync.md): the real Happy clients work against it unmodified.
//!
//! There are two doors, HTTP and Socket.IO, to one set of data: sessions with their messages, machines, artifacts, keys and
//! values, what an account has set. Nearly all of it can be read by clients only; the relay keeps it, numbers it and tells
//! whoever listens.
//!
//! - Every change is a function of a transaction ([`updates::Tx`]) that also says what sockets are to be told.
//! - What is told is logged in the same transaction, numbered by the account's counter, and told from the log in that order
//!   ([`live`]), whichever instance wrote it.
//! - A request acts for the account of its token and reaches nothing else; whose something is is asked before anything is done.

mod access_keys;
mod account;
mod app;
mod artifacts;
mod attachments;
mod auth;
mod avatars;
mod client;
mod error;
mod field;
#[doc(hidden)]
pub mod fuzzing;
mod github;
mod id;
pub mod import;
mod keeping;
mod kept;
mod limits;
mod live;
mod machines;
mod messages;
mod operator;
mod portion;
mod presence;
mod push;
mod rpc;
mod schema;
mod services;
mod sessions;
mod sizes;
mod social;
mod socket;
mod telemetry;
mod throttle;
mod tokens;
mod updates;
mod usage;
mod values;
mod vendors;
mod voice;
mod web;
mod wire;

pub use app::{Sync, SyncParts};
pub(crate) use error::Error;
pub use github::{Github, OAuthApp, Webhook};
pub use operator::{Figures, Operator};
pub use push::PushService;
pub use schema::SCHEMA;
pub use voice::{ElevenLabs, RevenueCat, Voice};
pub use web::WebApp;
