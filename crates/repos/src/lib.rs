//! Repositories that are at home here: what this server itself is the authority for (spec/registry.md §5.9).
//!
//! Records that exist on no PDS of anybody else's live here, durable: those of people who have no PDS, and those of a hold. It
//! is the storage engine of a small PDS.
//!
//! - [`Repos::apply`] writes in one transaction: records, the tree over them, the signed commit, and what subscribers are told.
//! - [`Repos`] answers what anybody may ask of a repository, with proofs and whole archives where they are asked for.
//! - [`Home`] is one of them as [`records::Records::write`] takes it; [`Mirror`] keeps the record index in step with all.
//! - [`LocalAccounts`] are people who sign in here; [`Directory`] is whom the resolver finds without asking anybody.
//! - [`Surface`] is what the network reads, as routes.
//!
//! Writers take turns, so that numbers in the log have no gaps and no writer is ever told of another.

mod accounts;
mod blobs;
mod create;
mod directory;
mod error;
mod events;
mod home;
mod keys;
mod limits;
mod maintain;
mod mirror;
mod nodes;
mod read;
mod repos;
mod schema;
mod sealing;
mod service_token;
mod status;
mod write;
mod xrpc;

pub use accounts::{LocalAccount, LocalAccounts};
pub use blobs::{Blob, StoredBlob};
pub use create::NewRepo;
pub use directory::Directory;
pub use error::Error;
pub use events::{Frame, Subscription};
pub use home::Home;
pub use limits::Limits;
pub use mirror::{Mirror, is_mirrored};
pub use read::{Description, Head, ListRecords, Listed, Record, RepoPage, RepoStatus};
pub use repos::{Repos, ReposParts};
pub use schema::SCHEMAS;
pub use sealing::{SealError, Sealing};
pub use status::Status;
pub use write::{Applied, CommitId, Expected, Write, Written};
pub use xrpc::{Elsewhere, Surface};
