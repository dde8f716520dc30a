//! A container registry whose images belong to their authors (spec/registry.md).
//!
//! A repository is named after its owner, an account of the AT Protocol. What somebody pushes becomes records of the owner's own
//! repository there; the layers lie in a hold.

mod owners;

pub use owners::{Owners, Repository, UnknownOwner};
