//! What each way of reading is expected to cost.

use crate::Mode;
use crate::host::Speed;

/// Bytes of an ordinary record as a block, with its CID and length in a CAR file.
const RECORD_BYTES: f64 = 400.0;

/// Bytes of tree for each record: its key and CID in a node, and its share of the node itself.
const TREE_BYTES: f64 = 110.0;

/// Records for each node of the tree: with one key in four a level higher, a node has three keys.
const RECORDS_PER_NODE: f64 = 3.0;

/// Records of a page, and blocks of a batch.
const PER_REQUEST: f64 = 100.0;

/// What is known, or guessed, of a repository before it is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Estimate {
    /// Records of the whole repository.
    pub(crate) total: f64,
    /// Records that are wanted.
    pub(crate) wanted: f64,
    /// Levels of its tree that are not known yet.
    pub(crate) depth: f64,
    /// Collections that are wanted.
    pub(crate) collections: f64,
}

/// Seconds that each way is expected to take; infinite if it cannot be gone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Costs {
    pub(crate) pages: f64,
    pub(crate) export: f64,
    pub(crate) blocks: f64,
}

impl Costs {
    /// What reading `estimate` takes at a host of `speed`, if no export may have more than `max_export` bytes.
    ///
    /// - Pages come one after the other, and each collection ends with an empty one.
    /// - An export takes one round trip and its bytes; that the host reads every block of the repository for it is in the
    ///   throughput.
    /// - Blocks take a batch for each level of the tree, since one leads to the next, and then one for each hundred nodes and
    ///   each hundred records.
    ///
    /// A first guess at records is easily wrong by half. An export that seems to be up to twice too large is therefore still
    /// considered, and found out on the way.
    pub(crate) fn of(estimate: &Estimate, speed: &Speed, max_export: f64) -> Self {
        let Estimate { total, wanted, depth, collections } = *estimate;
        let pages = (wanted / PER_REQUEST).ceil() + collections;
        let bytes = total * (RECORD_BYTES + TREE_BYTES);
        let export = if bytes > 2.0 * max_export {
            f64::INFINITY
        } else {
            speed.round_trip + bytes / speed.throughput
        };
        let nodes = wanted / RECORDS_PER_NODE;
        let batches = depth + (nodes / PER_REQUEST).floor() + (wanted / PER_REQUEST).ceil();
        Self { pages: pages * speed.page, export, blocks: batches * speed.batch }
    }

    /// The cheapest of these ways.
    pub(crate) fn cheapest(&self, ways: impl IntoIterator<Item = Mode>) -> Option<Mode> {
        let cost = |mode: &Mode| match mode {
            Mode::Pages => self.pages,
            Mode::Export => self.export,
            Mode::Blocks => self.blocks,
            Mode::Auto => f64::INFINITY,
        };
        ways.into_iter().min_by(|a, b| cost(a).total_cmp(&cost(b)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Mode; 3] = [Mode::Pages, Mode::Export, Mode::Blocks];
    const PROVEN: [Mode; 2] = [Mode::Export, Mode::Blocks];
    const MAX_EXPORT: f64 = 128e6;

    fn best(ways: impl IntoIterator<Item = Mode>, total: f64, wanted: f64, speed: Speed) -> Mode {
        let depth = (total.max(4.0).ln() / 4_f64.ln()).floor();
        let estimate = Estimate { total, wanted, depth, collections: 1.0 };
        Costs::of(&estimate, &speed, MAX_EXPORT).cheapest(ways).unwrap()
    }

    #[test]
    fn a_small_repository_comes_as_a_whole() {
        assert_eq!(best(PROVEN, 300.0, 40.0, Speed::default()), Mode::Export);
        assert_eq!(best(ALL, 2_000.0, 1_900.0, Speed::default()), Mode::Export);
    }

    #[test]
    fn a_few_records_of_a_large_one_come_alone() {
        assert_eq!(best(PROVEN, 100_000.0, 50.0, Speed::default()), Mode::Blocks);
        assert_eq!(best(ALL, 100_000.0, 150.0, Speed::default()), Mode::Pages);
    }

    #[test]
    fn nearly_all_of_a_large_one_comes_as_a_whole() {
        assert_eq!(best(ALL, 100_000.0, 90_000.0, Speed::default()), Mode::Export);
    }

    #[test]
    fn what_does_not_fit_into_memory_comes_in_parts() {
        assert_eq!(best(PROVEN, 2e6, 1e6, Speed::default()), Mode::Blocks);
        assert_eq!(best(ALL, 2e6, 1e6, Speed::default()), Mode::Pages);
    }

    #[test]
    fn the_speed_of_the_host_decides() {
        let far = Speed { round_trip: 1.0, page: 1.2, batch: 1.2, throughput: 5e6 };
        let thin = Speed { round_trip: 0.02, page: 0.03, batch: 0.03, throughput: 5e4 };
        assert_eq!(best(ALL, 20_000.0, 1_000.0, far), Mode::Export);
        assert_eq!(best(ALL, 20_000.0, 1_000.0, thin), Mode::Pages);
    }
}
