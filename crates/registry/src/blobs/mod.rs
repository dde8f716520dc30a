//! Blobs of a repository (spec/registry.md §1.4, §1.9).

mod delete;
mod get;
mod remote;
mod visible;

pub(crate) use delete::delete;
pub(crate) use get::get;
pub(crate) use visible::{lies_in, visible};
