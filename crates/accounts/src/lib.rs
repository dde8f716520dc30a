//! Who may do what: users, permissions, credentials, and what an operator sets.
//!
//! A credential stands for somebody and never for more: what a key may do is what it lists and its owner may do *now*
//! (spec/appview.md §4.3). Permissions are checked by the shell, in one place; this crate says who is calling and what
//! they hold.
//!
//! [`Accounts`] puts the parts together for a server. [`Vault`] is made before it: other crates keep secrets, too.

pub mod absent;
mod accounts;
mod admin;
mod api_keys;
mod app;
mod attestation;
mod authenticate;
mod authorization;
pub mod browser_sessions;
pub mod clients;
mod clock;
pub mod domains;
mod error;
pub mod imported;
mod last_used;
pub mod limits;
mod moment;
mod operator;
pub mod pds;
pub mod permissions;
mod problem;
mod recent;
mod schema;
mod secret_hash;
pub mod service;
pub mod settings;
mod templates;
pub mod users;
pub mod vault;

pub use accounts::{Accounts, AccountsConfig, AccountsParts};
pub use api_keys::{ApiKey, ApiKeys, ImportedKey, NewKey};
pub use attestation::{AttestationConfig, Attestor};
pub use browser_sessions::BrowserSessions;
pub use clients::Clients;
pub use domains::Domains;
pub use error::Error;
pub use imported::{Existing, Imported};
pub use limits::Limits;
pub use pds::PdsSessions;
pub use schema::SCHEMAS;
pub use service::Service;
pub use settings::Settings;
pub use templates::{Template, templates};
pub use users::{Actor, Users};
pub use vault::{Purpose, Vault, VaultConfig};
