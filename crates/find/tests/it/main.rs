//! Questions about records, on both engines.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod backlinks;
mod filters;
mod indexes;
mod model;
mod orders;
mod pages;
mod random;
mod rig;
mod search;
mod select;
mod visibility;
