//! Reading out of a signed tree, upwards.

use std::collections::VecDeque;

use atproto::car::Blocks;
use atproto::mst::{self, Entry, Walk};
use atproto::repo::Commit;
use atproto::{Cid, Nsid, RecordKey};

use super::Step;
use super::remaining::Remaining;
use super::tally::Tally;
use crate::position::Left;
use crate::{Home, Part, RemoteError, found};

/// Most records of a part.
const MAX_RECORDS: usize = 500;

/// A part ends when its records have this many bytes.
pub(super) const MAX_BYTES: usize = 16 << 20;

/// A walk through the part of a tree that a collection is in, and the records that it has come by.
#[derive(Default)]
pub(super) struct Ascent {
    walk: Option<Walk>,
    entries: VecDeque<(String, Cid)>,
    /// Whether the walk is at the end of the collection, or of what is left of it.
    ended: bool,
}

/// The signed commit that a tree is read from.
pub(crate) struct Head {
    pub(crate) commit: Commit,
    /// When the host was asked for it.
    pub(crate) asked_at: i64,
}

/// What a walk has come to.
pub(super) enum Reached {
    /// Records, perhaps none, whose blocks are needed next: see [`Ascent::entries`].
    Records,
    /// Nodes that are not among the blocks.
    Missing(Vec<Cid>),
}

impl Ascent {
    /// Goes on until a part is full of entries, or the collection ends.
    pub(super) fn climb(
        &mut self,
        root: Cid,
        collection: &Nsid,
        left: &Left,
        nodes: &Blocks,
    ) -> Result<Reached, mst::MstError> {
        let prefix = format!("{collection}/");
        let walk = self.walk.get_or_insert_with(|| match &left.above {
            Some(above) => Walk::after(root, &prefix, &format!("{prefix}{above}")),
            None => Walk::new(root, &prefix),
        });
        let mut entries: Vec<Entry> = Vec::new();
        while !self.ended && self.entries.len() < MAX_RECORDS {
            entries.clear();
            let step = walk.advance(nodes, &mut entries, MAX_RECORDS - self.entries.len())?;
            for Entry { key, value } in entries.drain(..) {
                let Some(key) = key.strip_prefix(&prefix) else { continue };
                if left.below.as_ref().is_some_and(|below| key >= below.as_str()) {
                    self.ended = true;
                    break;
                }
                self.entries.push_back((key.to_owned(), value));
            }
            match step {
                mst::Step::More => {}
                mst::Step::Done => self.ended = true,
                mst::Step::Missing(_) if self.ended => {}
                mst::Step::Missing(nodes) => return Ok(Reached::Missing(nodes)),
            }
        }
        Ok(Reached::Records)
    }

    /// The records that the walk has come by and that are not in a part yet.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Cid> {
        self.entries.iter().map(|(_, value)| value)
    }

    /// Makes a part of the records, as far as their blocks are there; `None` if there is nothing to say yet. The first of
    /// them must be there.
    pub(super) fn part(
        &mut self,
        head: &Head,
        home: &Home,
        remaining: &mut Remaining,
        blocks: &Blocks,
        tally: &mut Tally,
    ) -> Result<Option<Step>, RemoteError> {
        let Some((collection, _)) = remaining.first() else { return Ok(None) };
        let collection = collection.clone();
        let (mut records, mut last, mut bytes) = (Vec::new(), None, 0);
        let entries = self.entries.len();
        while bytes < MAX_BYTES
            && let Some((_, cid)) = self.entries.front()
            && let Some(block) = blocks.get(cid)
            && let Some((key, cid)) = self.entries.pop_front()
        {
            let Ok(rkey) = RecordKey::parse(&key) else {
                tally.reject("bad_key");
                continue;
            };
            last = Some(rkey.clone());
            match found::signed(rkey, block, cid) {
                Ok(found) => {
                    bytes += found.json.len();
                    records.push(found);
                }
                Err(reason) => tally.reject(reason),
            }
        }
        if entries > 0 && entries == self.entries.len() {
            return Err(home.untrusted("missing_block"));
        }
        let (keys, position) = if self.ended && self.entries.is_empty() {
            *self = Self::default();
            remaining.finish(collection.clone())
        } else if let Some(last) = last {
            remaining.read_up_to(collection.clone(), last)
        } else {
            return Ok(None);
        };
        let Head { commit, asked_at } = head;
        let (did, rev, asked_at) = (home.did.clone(), commit.rev, *asked_at);
        Ok(Some((Part { did, collection, rev, asked_at, keys, records, proven: true }, position)))
    }
}
