//! Manifests of a repository (spec/registry.md §1.4, §1.6, §1.9).

mod clear;
mod delete;
mod get;
mod keep;
mod put;
mod tags;
mod untag;

pub(crate) use clear::{Cleared, clear};
pub(crate) use delete::{delete, remove};
pub(crate) use get::{find, get};
pub(crate) use put::put;
