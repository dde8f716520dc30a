//! The record index: a view of the network's records that is always as new as its cursor says.
//!
//! - [`Ingest`] follows a stream. Events become rows and log entries in one transaction, together with the cursor that
//!   covers them, so a crash at any moment loses nothing and repeats nothing.
//! - [`Records`] answers from the index, by name or newest first, and tells what changed.
//! - [`Records::reconcile`] makes the index agree with what a repository's host says of a part of it; [`Coverage`] tells
//!   whose history is here.
//! - [`Records::write`] writes to a repository, and what it wrote is readable at once.
//! - [`Records::save_local`] keeps records that no repository has, or puts them in the place of those that one has;
//!   [`Records::delete`] leaves records out. [`Records::settle`] makes a new index obey.
//! - [`Wanted`] says which collections are indexed; [`IngestHook`]s decide what is stored before it is stored;
//!   [`Projection`]s keep derived tables in the records' own transaction.
//!
//! Between two events about one record the repository revision decides, never the time of arrival.

mod changes;
pub mod coverage;
mod error;
mod event;
mod followed;
mod gap;
mod hook;
mod identity;
mod ingest;
mod inspect;
mod lease;
mod maintenance;
mod projection;
mod read;
mod records;
mod repo;
mod schema;
mod source;
mod status;
mod wanted;
mod write;

pub(crate) use clock::now_micros;

pub use changes::{Action, Activity, Change};
pub use coverage::{Coverage, CoverageState, MissingPage, MissingPosition};
pub use error::Error;
pub use event::{RecordAction, RecordEvent};
pub use gap::Gap;
pub use hook::{Decision, IngestHook};
pub use ingest::{Ingest, IngestConfig, IngestParts, IngestState, IngestStatus, Upstream};
pub use inspect::Rejection;
pub use lease::{Lease, LeaseGuard};
pub use maintenance::maintain;
pub use projection::{Effect, Projection};
pub use read::{CollectionCount, ListQuery, Page, Place, Position, Record, Stored, Walked};
pub use records::Records;
pub use repo::{Confirmed, RepoAnswer, RepoWrite, RepoWriter, Written};
pub use schema::SCHEMAS;
pub use source::Source;
pub use status::RepoStatus;
pub use wanted::{Interest, Wanted};
pub use write::{Along, LocalRecord, Reconciled, lock};
