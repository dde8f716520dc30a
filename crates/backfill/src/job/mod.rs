//! Jobs: what is to be fetched, and how far that is.

mod model;
mod table;
mod transition;

pub use model::{Cause, Job, NewJob, Scope, Stage, Status};
pub(crate) use table::Jobs;
pub(crate) use transition::Command;
