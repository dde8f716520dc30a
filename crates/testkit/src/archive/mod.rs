//! A Jetstream v2 archive on loopback: it plans and serves segments, real ones and ones written here, and can be made to
//! serve them badly.

#![expect(clippy::expect_used, reason = "what cannot be set up fails the test")]

mod answer;
mod fault;
mod plan;
mod server;
mod write;

pub use fault::ArchiveFault;
pub use server::ServedArchive;
pub use write::{Archived, ArchivedEvent, write_segment};

/// A segment that a Jetstream v2 server made: 23 records of one account in three blocks.
pub static GOLDEN_SEGMENT: &[u8] = include_bytes!("../../../atproto/tests/data/jetstream/golden_segment.jss");
