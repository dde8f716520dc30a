//! Messages of `com.atproto.sync.subscribeRepos`: a header and a body, one after the other, both DAG-CBOR; as the host of repositories
//! writes them, and as somebody reads them who believes nothing.

/// The route of every host and relay.
pub const PATH: &str = "/xrpc/com.atproto.sync.subscribeRepos";

mod commit;
mod continuity;
mod fault;
mod frame;
mod message;
mod proof;
mod received;

pub use commit::{CommitMessage, RepoOp};
pub use continuity::{Before, Continuity, Head, Link};
pub use fault::CommitFault;
pub use frame::{Frame, MAX_FRAME_BYTES, ReceivedSync};
pub use message::{account, error, identity, info, sync};
pub use proof::Proof;
pub use received::{Action, MAX_COMMIT_BYTES, MAX_OPS, ReceivedCommit, ReceivedOp};
