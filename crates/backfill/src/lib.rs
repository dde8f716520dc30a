//! History: jobs that fetch what was written before anybody here asked for it (spec/appview.md §6).
//!
//! A job is a row that says what is wanted; its progress is rows of the index, written in the transactions of the records
//! that it counts. So there is no moment at which a job has done more or less than it says, and stopping it, by a command
//! or by pulling the plug, costs at most what was on its way.
//!
//! - [`Backfills`] is told what to fetch, and tells how far that is; [`Backfills::run`] does it.
//! - The `schedule` module says whose turn it is, so that no host waits for another.
//! - What could not be fetched is tried again outside of jobs, and gaps of the stream are repaired by jobs of their own.
//! - [`verify`] compares what is here with what hosts have.

mod backfills;
mod error;
mod follow;
mod job;
mod lost;
mod progress;
mod retries;
mod run;
mod schedule;
mod schema;
mod supervise;
mod time;
mod tuning;
pub mod verify;

pub use backfills::{BackfillParts, Backfills};
pub use error::JobError;
pub use follow::JobEvent;
pub use job::{Cause, Job, NewJob, Scope, Stage, Status};
pub use lost::is_index_lost;
pub use progress::{FailedRepo, HostProgress, Phase, RepoProgress, UnknownPhase};
pub use schema::SCHEMAS;
pub use tuning::Tuning;
