//! How far each repository of a job is: the index's side of a job.
//!
//! What is written here while a job runs is written in the transactions of the records, so it never says more than is
//! there, and counting it again gives the same figures after a crash.

pub(crate) mod archived;
mod counters;
mod details;
mod discovery;
mod repo;
mod todo;
mod view;

pub(crate) use counters::{Counters, count};
pub(crate) use details::{detailed, forget, retry_failed};
pub(crate) use discovery::{Discovery, collections, found, prepare, undiscovered};
pub(crate) use repo::{RepoState, advance, end, fail_host, resolved};
pub(crate) use todo::{Todo, hosts_to_do, to_fetch, to_resolve};
pub use view::{FailedRepo, HostProgress, Phase, RepoProgress, UnknownPhase};
pub(crate) use view::{failed, hosts, repos};
