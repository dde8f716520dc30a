//! Artifacts: two parts that only clients can read, each with a version (spec/sync.md §2.4).

mod artifact;
mod create;
mod delete;
mod read;
mod routes;
mod update;

pub(crate) use artifact::{Artifact, Read};
pub(crate) use create::{NewArtifact, create};
pub(crate) use delete::delete;
pub(crate) use read::find;
pub(crate) use routes::routes;
pub(crate) use update::{Changes, Outcome, Part, update};
