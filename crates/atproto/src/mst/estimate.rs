//! How many records a tree may have, from what is known of it.

use super::MstError;
use super::walk::{Found, Walk};
use crate::Cid;
use crate::car::Blocks;

/// About how many keys begin with `prefix` ("" for all of them).
///
/// Keys in the nodes that are there are counted; a subtree that is missing is taken for one of the usual
/// size. One key in four belongs to a layer above the lowest, one of four of these to a layer above that, and
/// so on, so the root alone tells the order of magnitude of all keys together. At the least the root has to be
/// there.
pub fn estimate(root: Cid, prefix: &str, blocks: &Blocks) -> Result<u64, MstError> {
    let mut walk = Walk::new(root, prefix);
    let mut keys: u64 = 0;
    loop {
        match walk.step(blocks)? {
            Found::Node => {}
            Found::Entry(_) => keys = keys.saturating_add(1),
            Found::Missing { cid, layer: None } => return Err(MstError::Missing(cid)),
            Found::Missing { layer: Some(layer), .. } => {
                keys = keys.saturating_add(usual_size(layer));
                walk.pass_over();
            }
            Found::End => return Ok(keys),
        }
    }
}

/// How many keys of this layer and those below lie between two keys of the layers above, on average.
fn usual_size(layer: u8) -> u64 {
    4_u64.saturating_pow(u32::from(layer) + 1) - 1
}
