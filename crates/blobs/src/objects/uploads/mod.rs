//! Bytes on their way into a bucket (spec/registry.md §1.5).

mod append;
mod claim;
mod drop;
mod expire;
mod filling;
mod finish;
mod hash;
mod holder;
mod lease;
mod notes;
mod part;
mod place;
mod rows;
mod sending;
mod sink;
mod start;
mod whole;

pub(super) use hash::Progress;
pub(super) use rows::{between, release_all};
