//! What the network reads of the repositories that are at home here (spec/registry.md §4.1, §5.9). Nobody writes from outside.

mod identity;
mod repo;
mod routes;
mod subscribe;
mod surface;
mod sync;

pub use surface::{Elsewhere, Surface};
