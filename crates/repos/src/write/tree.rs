//! What writes do to the tree.

use std::collections::BTreeSet;

use atproto::firehose::RepoOp;
use atproto::mst::{Draft, Drafted};
use atproto::{AtUri, Cid, Did, RecordKey, Tid};

use super::prepare::{Content, Prepared};
use super::{Base, Expected, Written};
use crate::Error;
use crate::nodes::StoredNodes;

/// A write that changes something.
pub(super) struct Change<'p> {
    pub(super) collection: &'p str,
    pub(super) rkey: RecordKey,
    pub(super) content: Option<&'p Content>,
    pub(super) op: RepoOp,
}

/// The tree with all of them.
pub(super) struct Grown<'p> {
    pub(super) written: Vec<Written>,
    pub(super) changes: Vec<Change<'p>>,
    pub(super) tree: Draft,
    /// Later than every key that was chosen.
    pub(super) rev: Tid,
}

/// Carries the writes out, each against what is there at its turn; every record at most once.
pub(super) fn grow<'p>(
    did: &Did,
    base: &Base,
    writes: &'p [Prepared],
    mut rev: Tid,
    nodes: &StoredNodes<'_, '_>,
) -> Result<Grown<'p>, Error> {
    let of_tree = |error| Error::of_tree(did, error);
    let mut tree = Draft::of(base.root);
    let (mut written, mut changes, mut paths) = (Vec::new(), Vec::new(), BTreeSet::new());
    for write in writes {
        let rkey = match &write.rkey {
            Some(rkey) => rkey.clone(),
            None => chosen(&mut rev)?,
        };
        let path = format!("{}/{rkey}", write.collection);
        if !paths.insert(path.clone()) {
            return Err(Error::InvalidRecord(format!("{path} is written more than once")));
        }
        let prev = tree.get(nodes, &path).map_err(of_tree)?;
        check(write, &path, prev)?;
        let cid = write.content.as_ref().map(|content| content.cid);
        let uri = AtUri::record(did.clone(), write.collection.clone(), rkey.clone());
        written.push(Written { uri, cid });
        if cid == prev {
            continue;
        }
        match cid {
            Some(cid) => tree.put(nodes, path.clone(), cid),
            None => tree.remove(nodes, &path),
        }
        .map_err(of_tree)?;
        let op = RepoOp { path, cid, prev };
        let collection = write.collection.as_str();
        changes.push(Change { collection, rkey, content: write.content.as_ref(), op });
    }
    Ok(Grown { written, changes, tree, rev })
}

/// The nodes that changed, and which others prove the change.
pub(super) fn finish(
    did: &Did,
    grown: &mut Grown<'_>,
    nodes: &StoredNodes<'_, '_>,
) -> Result<(Drafted, Vec<Cid>), Error> {
    let of_tree = |error| Error::of_tree(did, error);
    let drafted = grown.tree.finish().map_err(of_tree)?;
    let paths = grown.changes.iter().map(|change| change.op.path.as_str());
    let proof = grown.tree.covering(nodes, paths).map_err(of_tree)?;
    Ok((drafted, proof))
}

fn check(write: &Prepared, path: &str, found: Option<Cid>) -> Result<(), Error> {
    if write.expected.admits(found) {
        return Ok(());
    }
    if write.creates && write.expected == Expected::Nothing {
        return Err(Error::RecordExists(path.to_owned()));
    }
    let found = found.map_or_else(|| "nothing".to_owned(), |cid| cid.to_string());
    Err(Error::InvalidSwap { what: path.to_owned(), found })
}

/// A key for a record: the revision so far, which then goes on.
fn chosen(rev: &mut Tid) -> Result<RecordKey, Error> {
    let key = rev.to_string();
    if let Some(next) = Tid::from_i64(rev.as_i64() + 1) {
        *rev = next;
    }
    RecordKey::parse(&key).map_err(|error| Error::InvalidRecord(error.to_string()))
}
