//! Messages of `com.atproto.sync.subscribeRepos`, as the host of repositories writes them: a header and a body, one after the
//! other, both DAG-CBOR.

mod commit;
mod message;

pub use commit::{CommitMessage, RepoOp};
pub use message::{account, error, identity, info, sync};
