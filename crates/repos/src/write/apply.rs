//! The transaction.

use std::sync::Arc;

use atproto::crypto::PrivateKey;
use atproto::repo::Commit;
use atproto::{Cid, Did};
use store::Conn;

use super::prepare::Prepared;
use super::{Applied, Base, CommitId, Write, next_rev, rows, tell, tree};
use crate::directory::Entry;
use crate::events;
use crate::nodes::StoredNodes;
use crate::repos::Shared;
use crate::{Error, Repos};

/// Everything about a write that is known before its turn.
struct Work {
    shared: Arc<Shared>,
    entry: Arc<Entry>,
    key: PrivateKey,
    writes: Vec<Prepared>,
    /// The commit that must be the last one (`swapCommit`).
    swap: Option<Cid>,
}

impl Repos {
    /// Carries writes out together or not at all, as one commit. What is there already as it should be is left alone; if that
    /// is everything, there is no commit.
    ///
    /// Writers of a repository take turns. With `swap`, nothing is written unless that is the last commit.
    pub async fn apply(&self, did: &Did, writes: Vec<Write>, swap: Option<Cid>) -> Result<Applied, Error> {
        let limits = &self.shared.limits;
        if writes.len() > limits.writes {
            let (size, limit) = (writes.len(), limits.writes);
            return Err(Error::TooLarge { what: "the number of writes", size, limit });
        }
        let entry = self.hosted(did)?;
        entry.served()?;
        let key = entry.key(&*self.shared.sealing)?;
        let writes = writes.into_iter().map(|write| Prepared::of(write, limits)).collect::<Result<_, _>>()?;
        let work = Work { shared: Arc::clone(&self.shared), entry, key, writes, swap };
        let (applied, seq) = self.shared.state.write(move |conn| work.run(conn)).await?;
        faults::crash_point!("repos.after-commit");
        self.announce(seq);
        Ok(applied)
    }
}

impl Work {
    fn run(&self, conn: &mut Conn<'_>) -> Result<(Applied, i64), Error> {
        events::lock(conn)?;
        let (did, now) = (&self.entry.did, clock::now_micros());
        let base = Base::find(conn, &self.entry)?;
        self.check(&base)?;
        let nodes = StoredNodes::new(conn, self.entry.id, &self.shared.nodes);
        let mut grown = tree::grow(did, &base, &self.writes, next_rev(now, Some(base.rev)), &nodes)?;
        if grown.changes.is_empty() {
            return Ok((Applied { commit: None, written: grown.written }, 0));
        }
        let (drafted, proof) = tree::finish(did, &mut grown, &nodes)?;
        let commit = Commit { did: did.clone(), rev: grown.rev, data: drafted.root };
        let signed = commit.sign(&self.key);
        let told = tell::Told { base: &base, commit: &commit, signed: &signed, drafted: &drafted };
        let blocks = told.blocks(&grown.changes, &proof, &nodes)?;
        let limit = self.shared.limits.commit_bytes;
        if blocks.len() > limit {
            return Err(Error::TooLarge { what: "the size of the commit", size: blocks.len(), limit });
        }
        let id = self.entry.id;
        rows::write_records(conn, id, commit.rev, &grown.changes)?;
        rows::write_blob_refs(conn, id, &grown.changes)?;
        rows::write_nodes(conn, id, &drafted)?;
        rows::write_head(conn, id, &commit, &signed, now)?;
        told.append(conn, &grown.changes, &blocks, now)?;
        faults::crash_point!("repos.before-commit");
        for (cid, block) in drafted.added {
            self.shared.nodes.put(cid, block.into());
        }
        let commit = Some(CommitId { cid: signed.cid, rev: commit.rev });
        Ok((Applied { commit, written: grown.written }, events::head(conn)?))
    }

    fn check(&self, base: &Base) -> Result<(), Error> {
        if base.status.reason().is_some() && !faults::mutant!("repos-deactivated-writes") {
            return Err(Error::Deactivated(self.entry.did.clone()));
        }
        match self.swap {
            Some(expected) if expected != base.commit && !faults::mutant!("repos-swap-not-compared") => {
                Err(Error::InvalidSwap { what: "the commit".to_owned(), found: base.commit.to_string() })
            }
            _ => Ok(()),
        }
    }
}
