//! The physical limit: what SQLite does with the same rows when nothing but SQLite is asked.

mod batch;
mod index;
mod plan;
mod peer;

pub use batch::Batch;
pub use index::RawIndex;
pub use peer::PeerIndex;
pub use plan::plan;
