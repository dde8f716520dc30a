//! GitHub: who somebody is there, at their own wish (spec/sync.md §2.10).
//!
//! A person is sent to GitHub with a [`state`] that says whose wish it is, and comes back with a code. For that GitHub gives a
//! token and says who they are; name and picture become those of the account, in one transaction that also takes them from
//! whichever account was connected before.

mod callback;
mod client;
mod config;
mod denial;
mod link;
mod routes;
mod state;
mod user;
mod webhook;

pub use config::{Github, OAuthApp};
pub(crate) use routes::routes;
pub(crate) use user::shown;
pub use webhook::Webhook;
