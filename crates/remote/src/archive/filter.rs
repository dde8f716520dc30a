//! Which events are wanted.

use std::collections::HashSet;

use atproto::jetstream::segment::Row;

use super::PlanRequest;

/// Which events are wanted. A server plans whole blocks, and blocks that might hold some.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    collections: HashSet<Vec<u8>>,
    dids: HashSet<Vec<u8>>,
}

impl Filter {
    pub(super) fn new(request: &PlanRequest) -> Self {
        let bytes = |text: &str| text.as_bytes().to_vec();
        Self {
            collections: request.collections.iter().map(|collection| bytes(collection.as_str())).collect(),
            dids: request.dids.iter().map(|did| bytes(did.as_str())).collect(),
        }
    }

    /// Whether the event is wanted: decided before it is read.
    pub(super) fn wants(&self, row: &Row<'_>) -> bool {
        let one_of = |wanted: &HashSet<Vec<u8>>, value: &[u8]| wanted.is_empty() || wanted.contains(value);
        one_of(&self.dids, row.did) && (!row.kind.is_record() || one_of(&self.collections, row.collection))
    }
}
