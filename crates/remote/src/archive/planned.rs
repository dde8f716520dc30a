//! The segments of a plan.

use super::wire::{BlockRange, WireSegment};

/// Segments, and ranges of blocks in them, that are accepted: a server that has more is no archive of a network this size.
const MAX_ENTRIES: usize = 4_000_000;

/// Longest name of a segment.
const MAX_NAME_BYTES: usize = 64;

/// Highest number of a block.
const MAX_BLOCK: u32 = 1 << 17;

/// The segments of a plan, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct PlannedSegments {
    segments: Vec<PlannedSegment>,
    /// Segments and ranges of blocks.
    entries: usize,
}

/// One segment, in whole or in part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PlannedSegment {
    pub(super) name: String,
    pub(super) index: u64,
    pub(super) min_seq: u64,
    pub(super) max_seq: u64,
    /// Numbers of blocks, both ends included; `None`: all of them.
    pub(super) blocks: Option<Vec<(u32, u32)>>,
}

impl PlannedSegments {
    pub(super) fn as_slice(&self) -> &[PlannedSegment] {
        &self.segments
    }

    /// Adds what a page names, which comes after everything before it.
    pub(super) fn add(&mut self, segment: WireSegment) -> Result<(), &'static str> {
        let segment = PlannedSegment::check(segment)?;
        self.entries += 1 + segment.blocks.as_ref().map_or(0, Vec::len);
        if self.entries > MAX_ENTRIES {
            return Err("more segments than any archive has");
        }
        match self.segments.last_mut() {
            // A page may end in the middle of a segment's blocks.
            Some(last) if last.index == segment.index => {
                let (Some(blocks), Some(more)) = (&mut last.blocks, segment.blocks) else {
                    return Err("a segment that is planned twice");
                };
                blocks.extend(more);
                if last.name != segment.name || !is_rising(blocks) {
                    return Err("blocks of a segment that are out of order");
                }
                last.max_seq = last.max_seq.max(segment.max_seq);
            }
            Some(last) if segment.index < last.index || segment.min_seq <= last.max_seq => {
                return Err("segments that are out of order");
            }
            _ => self.segments.push(segment),
        }
        Ok(())
    }
}

impl PlannedSegment {
    fn check(segment: WireSegment) -> Result<Self, &'static str> {
        let WireSegment { name, index, min_seq, max_seq, mode, blocks } = segment;
        let named = (1..=MAX_NAME_BYTES).contains(&name.len());
        if !named || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)) {
            return Err("a segment without a usable name");
        }
        if min_seq > max_seq {
            return Err("a segment that ends before it begins");
        }
        let blocks = match mode.as_str() {
            "segment" => None,
            "blocks" => Some(blocks.into_iter().map(|BlockRange { first, last }| (first, last)).collect()),
            _ => return Err("a segment to be downloaded in an unknown way"),
        };
        if blocks.as_deref().is_some_and(|blocks| !is_rising(blocks)) {
            return Err("blocks of a segment that are out of order");
        }
        Ok(Self { name, index, min_seq, max_seq, blocks })
    }
}

/// Whether ranges are none empty, disjoint and in order.
fn is_rising(ranges: &[(u32, u32)]) -> bool {
    ranges.iter().all(|(first, last)| first <= last && *last < MAX_BLOCK)
        && ranges.is_sorted_by(|(_, last), (first, _)| last < first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(index: u64, seqs: (u64, u64), blocks: Option<&[(u32, u32)]>) -> WireSegment {
        let blocks =
            blocks.map(|blocks| blocks.iter().map(|&(first, last)| BlockRange { first, last }).collect());
        WireSegment {
            name: format!("seg_{index:010}.jss"),
            index,
            min_seq: seqs.0,
            max_seq: seqs.1,
            mode: if blocks.is_some() { "blocks" } else { "segment" }.to_owned(),
            blocks: blocks.unwrap_or_default(),
        }
    }

    fn refused(segments: Vec<WireSegment>) -> &'static str {
        let mut plan = PlannedSegments::default();
        let results: Vec<_> = segments.into_iter().map(|segment| plan.add(segment)).collect();
        let (last, before) = results.split_last().unwrap();
        assert!(before.iter().all(Result::is_ok), "{before:?}");
        last.unwrap_err()
    }

    #[test]
    fn segments_come_in_order_and_blocks_within_them() {
        let mut plan = PlannedSegments::default();
        plan.add(segment(3, (1, 9), Some(&[(0, 0), (2, 5)]))).unwrap();
        plan.add(segment(3, (1, 9), Some(&[(7, 7)]))).unwrap();
        plan.add(segment(5, (12, 20), None)).unwrap();
        let planned = plan.as_slice();
        assert_eq!(planned.len(), 2);
        assert_eq!(planned[0].blocks.as_deref(), Some([(0, 0), (2, 5), (7, 7)].as_slice()));
        assert_eq!(planned[1].blocks, None);
    }

    #[test]
    fn what_is_out_of_order_is_refused() {
        let segments = "segments that are out of order";
        assert_eq!(refused(vec![segment(2, (5, 9), None), segment(1, (10, 11), None)]), segments);
        assert_eq!(refused(vec![segment(2, (5, 9), None), segment(3, (9, 11), None)]), segments);
        let blocks = "blocks of a segment that are out of order";
        assert_eq!(refused(vec![segment(1, (1, 9), Some(&[(3, 2)]))]), blocks);
        assert_eq!(refused(vec![segment(1, (1, 9), Some(&[(3, 4), (4, 5)]))]), blocks);
        assert_eq!(refused(vec![segment(1, (1, 9), Some(&[(0, u32::MAX)]))]), blocks);
        let (first, second) = (segment(1, (1, 9), Some(&[(3, 4)])), segment(1, (1, 9), Some(&[(4, 4)])));
        assert_eq!(refused(vec![first, second]), blocks);
        let twice = "a segment that is planned twice";
        assert_eq!(refused(vec![segment(1, (1, 9), None), segment(1, (1, 9), None)]), twice);
        assert_eq!(refused(vec![segment(1, (9, 1), None)]), "a segment that ends before it begins");
    }

    #[test]
    fn names_and_ways_are_those_that_are_known() {
        for name in ["", "a/b", "a b", "ö", &"x".repeat(65)] {
            let segment = WireSegment { name: name.to_owned(), ..segment(1, (1, 9), None) };
            assert_eq!(refused(vec![segment]), "a segment without a usable name");
        }
        let segment = WireSegment { mode: "torrent".to_owned(), ..segment(1, (1, 9), None) };
        assert_eq!(refused(vec![segment]), "a segment to be downloaded in an unknown way");
    }
}
