//! Into how many parts a blob is cut on its way to a hold.

use std::ops::Range;

/// Bytes of a part, where that is not too many parts. Buckets take none below 5 MiB but the last.
const SIZE: u64 = 16 << 20;

/// Parts that a bucket takes, at most.
const MOST: u64 = 10_000;

/// The parts of a blob of this size, of which there is always one.
pub(super) fn parts(size: u64) -> impl Iterator<Item = (u64, Range<u64>)> {
    let part = SIZE.max(size.div_ceil(MOST));
    let count = size.div_ceil(part).max(1);
    (0..count).map(move |index| (index + 1, index * part..((index + 1) * part).min(size)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cover_a_blob_without_gaps() {
        for size in [0, 1, SIZE - 1, SIZE, SIZE + 1, 7 * SIZE + 5, MOST * SIZE + 1, 64 << 40] {
            let (mut end, mut count) = (0, 0);
            for (number, range) in parts(size) {
                count += 1;
                assert_eq!((number, range.start), (count, end), "{size}");
                assert!(range.end > range.start || size == 0);
                end = range.end;
            }
            assert_eq!(end, size);
            assert!((1..=MOST).contains(&count), "{count} parts of {size}");
        }
    }
}
