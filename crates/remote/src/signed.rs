//! Commits that are signed by who they say.

use atproto::Cid;
use atproto::car::Blocks;
use atproto::repo::Commit;

use crate::revision::plausible;
use crate::{Home, RemoteError};

/// What shows that a commit, as such, is not the account's: no other block can mend it.
pub(crate) const REASONS: [&str; 3] = ["bad_signature", "other_repository", "future_rev"];

/// The commit `root` among `blocks`, if the repository's key signed it. With it, every block that its tree leads to is known
/// to be the author's.
pub(crate) fn commit(home: &Home, root: &Cid, blocks: &Blocks) -> Result<Commit, RemoteError> {
    let untrusted = |reason| home.untrusted(reason);
    let block = blocks.get(root).ok_or_else(|| untrusted("no_commit"))?;
    let signed = Commit::decode(block).map_err(|error| untrusted(error.reason()))?;
    if signed.unverified().did != home.did {
        return Err(untrusted("other_repository"));
    }
    let key = home.key.as_ref().ok_or_else(|| untrusted("no_key"))?;
    let commit = signed.verify(key).map_err(|error| untrusted(error.reason()))?;
    if plausible(commit.rev) { Ok(commit) } else { Err(untrusted("future_rev")) }
}
