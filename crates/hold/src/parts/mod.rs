//! Blobs that come in numbered parts, in whichever order (spec/registry.md §3.3).
//!
//! Each part becomes a blob of its own, hashed as it comes, and its hash is how its sender names it. When all are there they are put together
//! and hashed once more; a blob of one part is there already. So nothing has to be kept of an upload but rows, and what it leaves
//! behind is garbage like any other.

mod begin;
mod begun;
mod complete;
mod error;
mod open;
mod rows;
mod send;
mod sweep;

pub use complete::NamedPart;
pub use error::PartsError;

/// Bytes of a blob.
const LARGEST: u64 = 64 << 30;

/// Parts of a blob.
const MOST_PARTS: u32 = 10_000;
