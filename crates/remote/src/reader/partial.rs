//! Reading those blocks of a repository that its collections need, proven.

use std::time::Duration;

use atproto::car::{self, Blocks};
use atproto::mst::{self, MstError};
use atproto::{Cid, Nsid, RecordKey};
use tokio::time::sleep;

use super::Step;
use super::ascent::{Ascent, Head, MAX_BYTES, Reached};
use super::remaining::Remaining;
use super::tally::Tally;
use crate::blocks::Fetched;
use crate::{Home, Remote, RemoteError};

/// Nodes are forgotten when they have this many bytes. The way down to where the walk is costs a few requests then.
const MAX_NODE_BYTES: usize = 16 << 20;

/// How often in a row the repository may move on before anything could be read.
const MAX_RESTARTS: u32 = 5;

/// Records of an ordinary repository.
const USUAL_RECORDS: u64 = 1000;

/// A repository of which only the needed blocks are fetched.
pub(super) struct Partial {
    root: Cid,
    head: Head,
    /// What of the tree is here.
    nodes: Blocks,
    /// Records of the next part.
    records: Blocks,
    ascent: Ascent,
    restarts: u32,
}

impl Partial {
    /// Fetches the newest commit with the way down to a key, and checks its signature.
    pub(super) async fn open(
        remote: &Remote,
        home: &Home,
        collection: &Nsid,
        key: Option<&RecordKey>,
    ) -> Result<Self, RemoteError> {
        let (mut nodes, records) = (Blocks::new(node_limits()), Blocks::new(record_limits()));
        let (root, head) = remote.head(home, collection, key, &mut nodes).await?;
        Ok(Self { root, head, nodes, records, ascent: Ascent::default(), restarts: 0 })
    }

    /// What the tree has at this key; `None` if it has nothing there. An error if that is not known.
    pub(super) fn find(&self, collection: &Nsid, key: &RecordKey) -> Result<Option<Cid>, MstError> {
        mst::find(self.head.commit.data, &format!("{collection}/{key}"), &self.nodes)
    }

    /// About how many records have keys that begin with `prefix`.
    pub(super) fn estimate(&self, prefix: &str) -> f64 {
        // Without the root nothing is known: as many as in an ordinary repository.
        let records = mst::estimate(self.head.commit.data, prefix, &self.nodes).unwrap_or(USUAL_RECORDS);
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let records = records as f64;
        records
    }

    /// The next part of the first collection that remains.
    pub(super) async fn next(
        &mut self,
        remote: &Remote,
        home: &Home,
        remaining: &mut Remaining,
        tally: &mut Tally,
    ) -> Result<Option<Step>, RemoteError> {
        while let Some((collection, left)) = remaining.first() {
            let reached = self.ascent.climb(self.head.commit.data, collection, left, &self.nodes);
            let (is_node, fetched) = match reached.map_err(|error| home.untrusted(error.reason()))? {
                Reached::Missing(nodes) => {
                    (true, remote.fetch_blocks(home, &nodes, &mut self.nodes, usize::MAX).await?)
                }
                Reached::Records => {
                    let wanted: Vec<Cid> = self.ascent.entries().copied().collect();
                    (false, remote.fetch_blocks(home, &wanted, &mut self.records, MAX_BYTES).await?)
                }
            };
            match fetched {
                Fetched::Missing => self.move_on(remote, home, remaining).await?,
                Fetched::All if is_node => {}
                Fetched::All => {
                    let part = self.ascent.part(&self.head, home, remaining, &self.records, tally)?;
                    self.records = Blocks::new(record_limits());
                    if part.is_some() {
                        self.restarts = 0;
                        self.make_room();
                        return Ok(part);
                    }
                }
            }
        }
        Ok(None)
    }

    /// A block is not there: the repository must have a new commit, since hosts keep no others.
    async fn move_on(
        &mut self,
        remote: &Remote,
        home: &Home,
        remaining: &Remaining,
    ) -> Result<(), RemoteError> {
        if self.restarts == MAX_RESTARTS {
            return Err(home.untrusted("missing_block"));
        }
        // Somebody writes to it right now.
        sleep(Duration::from_millis(50) * self.restarts * self.restarts).await;
        self.restarts += 1;
        self.make_room();
        let Some((collection, left)) = remaining.first() else { return Ok(()) };
        let (root, head) = remote.head(home, collection, left.above.as_ref(), &mut self.nodes).await?;
        if root == self.root {
            return Err(home.untrusted("missing_block"));
        }
        (self.root, self.head) = (root, head);
        // What has not changed since is still among the nodes.
        self.ascent = Ascent::default();
        Ok(())
    }

    fn make_room(&mut self) {
        if self.nodes.bytes() > MAX_NODE_BYTES {
            self.nodes = Blocks::new(node_limits());
        }
    }
}

fn node_limits() -> car::Limits {
    car::Limits { bytes: 4 * MAX_NODE_BYTES, blocks: 1 << 20 }
}

fn record_limits() -> car::Limits {
    car::Limits { bytes: 4 * MAX_BYTES, blocks: 1 << 16 }
}
