//! The physical limit: what SQLite does with the same rows when nothing but SQLite is asked.

mod batch;
mod index;
mod peer;
mod plan;

pub use batch::{Batch, Change, Row, State, Write};
pub use index::RawIndex;
pub use peer::{PEER_BATCH, PEER_SHARE, PeerIndex, PeerRow};
pub use plan::{collection_id, plan};
