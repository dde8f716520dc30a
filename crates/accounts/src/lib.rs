//! Who may do what: users, permissions, API keys.
//!
//! A key stands for its owner and never for more: what it may do is what it lists and its owner may do *now*
//! (spec/appview.md §4.3). Permissions are checked by the shell, in one place; this crate says who is calling and what
//! they hold.

mod accounts;
mod api_keys;
mod authenticate;
mod authorization;
mod clock;
mod error;
mod last_used;
mod operator;
pub mod permissions;
mod schema;
mod templates;
mod verified;

pub use accounts::Accounts;
pub use api_keys::{ApiKey, NewKey};
pub use error::Error;
pub use schema::SCHEMA;
pub use templates::{Template, templates};
