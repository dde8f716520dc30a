//! The newest commit of a repository, and the way down its tree to a record key.

use atproto::car::Blocks;
use atproto::{Cid, Nsid, RecordKey};
use clock::now_micros;

use crate::blocks::Fetched;
use crate::host::Sample;
use crate::query::Query;
use crate::reader::Head;
use crate::refusal::is_unknown_method;
use crate::{Home, Remote, RemoteError, signed};

const PROOF: &str = "com.atproto.sync.getRecord";

/// A proof is a commit, a node for each level of the tree, and at most one record.
pub(crate) const MAX_PROOF_BYTES: usize = 4 << 20;

/// How often the newest commit may be gone before it was fetched.
const MAX_TRIES: u32 = 3;

/// The first key that most collections can have, as a TID.
const FIRST_KEY: &str = "2222222222222";

impl Remote {
    /// Fetches the newest commit into `nodes` and checks its signature.
    ///
    /// The proof for one record, whether there is such a record or not, has the commit and all nodes on the way to it: one
    /// request where fetching node by node takes one for each level. So it is asked for a record where reading begins: at
    /// `key`, or at the first that there can be. Where that is not possible the commit comes alone.
    pub(crate) async fn head(
        &self,
        home: &Home,
        collection: &Nsid,
        key: Option<&RecordKey>,
        nodes: &mut Blocks,
    ) -> Result<(Cid, Head), RemoteError> {
        let asked_at = now_micros();
        let key = key.map_or(FIRST_KEY, RecordKey::as_str);
        let root = match self.proof(home, collection, key, nodes).await {
            Err(error) if is_unknown_method(&error) || is_no_proof(&error) => self.commit(home, nodes).await,
            root => root,
        }?;
        Ok((root, Head { commit: signed::commit(home, &root, nodes)?, asked_at }))
    }

    /// Fetches the proof for a record; the CID of its commit.
    pub(crate) async fn proof(
        &self,
        home: &Home,
        collection: &Nsid,
        rkey: &str,
        nodes: &mut Blocks,
    ) -> Result<Cid, RemoteError> {
        let query = Query::car(PROOF, &home.did, MAX_PROOF_BYTES).measured(Sample::RoundTrip);
        let query = query.with("collection", collection).with("rkey", rkey);
        let answer = self.client().ask(home, &query).await?;
        let roots = nodes.add(answer.body).map_err(|error| home.bad_car(&error))?;
        roots.first().copied().ok_or_else(|| home.untrusted("no_commit"))
    }

    /// Fetches the newest commit alone.
    async fn commit(&self, home: &Home, nodes: &mut Blocks) -> Result<Cid, RemoteError> {
        for _ in 0..MAX_TRIES {
            let (_, root) = self.latest_at(home).await?;
            // Otherwise the repository has moved on in between.
            if let Fetched::All = self.fetch_blocks(home, &[root], nodes, usize::MAX).await? {
                return Ok(root);
            }
        }
        Err(home.untrusted("missing_block"))
    }
}

/// Whether the host proves only what exists.
pub(crate) fn is_no_proof(error: &RemoteError) -> bool {
    matches!(error, RemoteError::Refused { name, .. } if name == "RecordNotFound")
}
