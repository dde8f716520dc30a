//! Other people's repositories: where they are, what is in them, and whether that can be believed.
//!
//! Nothing is stored here. What was read is handed on as [`Part`]s: stretches of a collection that are known completely,
//! with the revision of the repository that they were read at.
//!
//! - [`Remote::locate`] finds a repository's [`Home`]: its host, and the key that signs it.
//! - [`Remote::read`] reads whole collections, in the cheapest of three ways ([`Mode`]): page by page on the host's word,
//!   or out of the signed tree, which is fetched as a whole or in the parts that are needed.
//! - [`Remote::record`] asks for one record, with the proof that it exists or does not.
//! - [`Directory`] says which repositories have records of a collection.
//! - [`archive`] reads the history of many repositories at once, from a server that keeps it as files.
//!
//! A host is a stranger. Everything it sends is bounded in bytes, number, depth and time; what it says about a repository
//! is checked against the author's signature where there is one; and a host that contradicts itself is not believed at all
//! ([`Kind::Untrusted`]).

mod answer;
pub mod archive;
mod blocks;
mod budget;
mod client;
mod config;
mod directory;
mod error;
mod found;
mod head;
mod home;
mod host;
mod hosted;
mod mode;
mod part;
mod position;
mod query;
mod reader;
mod record;
mod refusal;
mod remote;
mod revision;
mod signed;
mod telemetry;

pub use config::RemoteConfig;
pub use directory::{Directory, DirectoryPage};
pub use error::{Gone, Kind, RemoteError};
pub use home::Home;
pub use hosted::HostedStatus;
pub use mode::{Mode, UnknownMode};
pub use part::{Found, Part};
pub use position::{InvalidPosition, Position};
pub use reader::{Reader, Reading};
pub use remote::Remote;
