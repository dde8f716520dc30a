//! Content-addressed bytes in memory.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use bytes::Bytes;

use super::{CarError, Limits, read};
use crate::Cid;

/// The blocks of some CAR files, each of them hashed and found to be what its CID says.
///
/// A block is a slice of the file it came in, never a copy: the file stays in memory as long as one of its
/// blocks does.
#[derive(Debug, Default, Clone)]
pub struct Blocks {
    limits: Limits,
    by_cid: HashMap<Cid, Bytes>,
    /// Of all files, whatever of them is held.
    bytes: usize,
}

impl Blocks {
    /// None yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits, by_cid: HashMap::new(), bytes: 0 }
    }

    /// Adds the blocks of a CAR file of version 1 and returns its roots, of which there may be none. A block
    /// that is here already is passed over.
    ///
    /// What came before a fault in the file has been checked and stays.
    #[expect(clippy::needless_pass_by_value, reason = "the file is kept, if only in its slices")]
    pub fn add(&mut self, car: Bytes) -> Result<Vec<Cid>, CarError> {
        let bytes = self.bytes.saturating_add(car.len());
        if bytes > self.limits.bytes {
            return Err(CarError::TooLarge { bytes, limit: self.limits.bytes });
        }
        self.bytes = bytes;
        let (roots, mut at) = read::header(&car)?;
        while at < car.len() {
            let block = read::block(&car, at)?;
            at = block.content.end;
            let count = self.by_cid.len();
            // The content is hashed even if the block is here: a file that lies about one block is not
            // believed about the others.
            if !block.cid.is_of(&car[block.content.clone()]) {
                return Err(CarError::Mismatch(block.cid));
            }
            if let Entry::Vacant(vacant) = self.by_cid.entry(block.cid) {
                if count >= self.limits.blocks {
                    return Err(CarError::TooManyBlocks { limit: self.limits.blocks });
                }
                vacant.insert(car.slice(block.content));
            }
        }
        Ok(roots)
    }

    /// The content of a block.
    #[must_use]
    pub fn get(&self, cid: &Cid) -> Option<&[u8]> {
        self.by_cid.get(cid).map(|content| &**content)
    }

    /// How many distinct blocks there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_cid.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_cid.is_empty()
    }

    /// Bytes of all files that were added, to be compared with [`Limits::bytes`].
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}
