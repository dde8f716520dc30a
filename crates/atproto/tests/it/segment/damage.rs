//! Segments that contradict themselves or were damaged on the way.

use atproto::jetstream::segment::{Segment, SegmentError, SegmentLimits};
use bytes::Bytes;

use super::draft::{sealed, with};
use super::{golden, parse};

/// Where the footer of the golden segment begins.
const FOOTER: usize = 3004;

fn refused(segment: Vec<u8>) -> SegmentError {
    Segment::parse(Bytes::from(segment), SegmentLimits::default()).unwrap_err()
}

fn inconsistent(segment: Vec<u8>) -> &'static str {
    match refused(sealed(segment)) {
        SegmentError::Inconsistent(what) => what,
        other => panic!("{other}"),
    }
}

#[test]
fn what_is_no_sealed_segment() {
    assert_eq!(refused(Vec::new()), SegmentError::Truncated("the header"));
    assert_eq!(refused(golden()[..255].to_vec()), SegmentError::Truncated("the header"));
    assert_eq!(refused(with(golden(), 0, b"jss1")), SegmentError::BadMagic);
    assert_eq!(refused(with(golden(), 4, &[0; 8])), SegmentError::NotSealed);
    assert_eq!(refused(with(golden(), 12, &[2, 0])), SegmentError::UnknownVersion(2));
}

#[test]
fn a_changed_bit_in_header_or_footer_is_found() {
    // Everything the checksum covers but the fields that are refused before it is computed.
    for at in [18, 22, 42, 98, 255, FOOTER, FOOTER + 30, 3200, 3633] {
        let mut segment = golden();
        segment[at] ^= 1;
        assert!(matches!(refused(segment), SegmentError::BadChecksum { .. }), "byte {at}");
    }
    assert!(matches!(refused([golden(), vec![0]].concat()), SegmentError::BadChecksum { .. }));
    assert!(matches!(refused(golden()[..3633].to_vec()), SegmentError::BadChecksum { .. }));
    assert_eq!(refused(golden()[..FOOTER - 1].to_vec()), SegmentError::Truncated("the segment"));
    assert_eq!(refused(golden()[..FOOTER + 100].to_vec()), SegmentError::Truncated("the footer"));
}

/// Some bits of a frame mean nothing: without them it is still the same block.
#[test]
fn a_damaged_block_costs_only_itself() {
    let first = parse(golden()).blocks().next().unwrap().unwrap();
    let mut found = 0;
    for at in 264..1338 {
        let mut segment = golden();
        segment[at] ^= 0x10;
        let blocks: Vec<_> = parse(segment).blocks().collect();
        match &blocks[0] {
            Ok(block) => assert_eq!(*block, first, "byte {at}"),
            Err(_) => found += 1,
        }
        assert!(blocks[1].is_ok() && blocks[2].is_ok());
    }
    assert!(found > 1050, "{found} of 1074 found");
}

#[test]
fn parts_of_a_segment_must_not_overlap() {
    let u64_at = |at, number: u64| with(golden(), at, &number.to_le_bytes());
    assert_eq!(inconsistent(u64_at(90, 3005)), "the block index is not where the footer begins");
    let low = with(u64_at(58, 100), 90, &100_u64.to_le_bytes());
    assert!(matches!(refused(low), SegmentError::Inconsistent(_)));
    // The index would end behind the account filter, the filters are out of order.
    assert_eq!(inconsistent(u64_at(66, 3159)), "the parts of the footer overlap");
    assert_eq!(inconsistent(u64_at(74, 3525)), "the parts of the footer overlap");
    assert_eq!(inconsistent(u64_at(26, 24)), "the lowest sequence number is above the highest");
    assert_eq!(refused(sealed(u64_at(82, 9999))), SegmentError::Truncated("the footer"));
}

#[test]
fn blocks_must_not_overlap() {
    let entry = |block: usize, field: usize, bytes: &[u8]| with(golden(), FOOTER + 52 * block + field, bytes);
    let place = "a block overlaps something else";
    assert_eq!(inconsistent(entry(0, 0, &255_u64.to_le_bytes())), place);
    assert_eq!(inconsistent(entry(1, 0, &1337_u64.to_le_bytes())), place);
    assert_eq!(inconsistent(entry(2, 8, &831_u32.to_le_bytes())), place);
    assert_eq!(inconsistent(entry(2, 0, &u64::MAX.to_le_bytes())), "a block lies outside the file");
    let order = "the sequence numbers of blocks overlap";
    assert_eq!(inconsistent(entry(1, 20, &8_u64.to_le_bytes())), order);
    assert_eq!(inconsistent(entry(1, 28, &8_u64.to_le_bytes())), order);
    let bounds = "a block has sequence numbers the segment has not";
    assert_eq!(inconsistent(entry(0, 20, &0_u64.to_le_bytes())), bounds);
    assert_eq!(inconsistent(entry(2, 28, &24_u64.to_le_bytes())), bounds);
    assert_eq!(
        inconsistent(entry(0, 16, &9_u32.to_le_bytes())),
        "the number of events is not that of its blocks"
    );
}

#[test]
fn a_block_must_be_the_one_of_the_index() {
    let second = |field: usize, bytes: &[u8], events: u32| {
        let segment = with(golden(), FOOTER + 52 + field, bytes);
        let segment = with(segment, 18, &events.to_le_bytes());
        parse(sealed(segment)).blocks().nth(1).unwrap().unwrap_err()
    };
    assert_eq!(
        second(12, &2607_u32.to_le_bytes(), 23),
        SegmentError::NotAsIndexed("its length without compression")
    );
    assert_eq!(second(16, &9_u32.to_le_bytes(), 24), SegmentError::NotAsIndexed("the number of its events"));
    let seqs = SegmentError::NotAsIndexed("its sequence numbers");
    assert_eq!(second(20, &10_u64.to_le_bytes(), 23), seqs);
    assert_eq!(second(28, &15_u64.to_le_bytes(), 23), seqs);
    let entry = parse(golden()).index().blocks()[1].clone();
    assert_eq!(
        entry.unpack(&golden()[1346..2165], &SegmentLimits::default()),
        Err(SegmentError::NotAsIndexed("its length"))
    );
}

#[test]
fn sizes_are_bounded_before_anything_is_made_of_them() {
    let few = |limits: SegmentLimits| Segment::parse(Bytes::from(golden()), limits).unwrap_err();
    let all = SegmentLimits::default();
    let cases = [
        (SegmentLimits { blocks: 2, ..all }, "the number of blocks"),
        (SegmentLimits { footer_bytes: 629, ..all }, "the footer"),
        (SegmentLimits { packed_bytes: 1073, ..all }, "a block"),
        (SegmentLimits { unpacked_bytes: 2885, ..all }, "a decompressed block"),
        (SegmentLimits { events: 7, ..all }, "the number of events of a block"),
    ];
    for (limits, too_large) in cases {
        assert!(
            matches!(few(limits), SegmentError::TooLarge { what, .. } if what == too_large),
            "{too_large}"
        );
    }
    let exact =
        SegmentLimits { blocks: 3, footer_bytes: 630, packed_bytes: 1074, unpacked_bytes: 2886, events: 8 };
    assert!(Segment::parse(Bytes::from(golden()), exact).unwrap().blocks().all(|block| block.is_ok()));
}
