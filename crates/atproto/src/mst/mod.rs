//! The tree of a repository's records (a Merkle search tree), read from blocks that strangers sent, or changed where it is at
//! home.
//!
//! The layer of a key comes from `shrike`, and the tests build their trees with it. Its own walks are not kept to
//! a prefix and cannot stop at a missing node to go on when it has come, so the reading is ours. The changing is its own.

mod draft;
mod error;
mod estimate;
mod find;
mod node;
mod range;
mod walk;

pub use draft::{Draft, DraftError, Drafted, Nodes, NodesError};
pub use error::{MstError, Rule};
pub use estimate::estimate;
pub use find::find;
pub use node::{MAX_KEY_BYTES, MAX_NODE_BYTES};
pub use walk::{Entry, MAX_MISSING, Step, Walk};
