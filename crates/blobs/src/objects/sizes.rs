//! How much is sent, held and copied at once.

use std::time::Duration;

/// The parts that S3 allows an object.
const PARTS: usize = 10_000;

/// Bounds of a bucket. The default is for the service that S3 has its name from, and those that are like it.
#[derive(Debug, Clone, Copy)]
pub struct Sizes {
    /// Of a part of an upload, in bytes: at least 5 MiB. After 4,000 parts they are twice, after 7,000 four times as long.
    pub part: u32,
    /// What all uploads together hold in memory of parts, in bytes: at least four parts.
    pub memory: u32,
    /// How long one of them may hold memory that others wait for.
    pub patience: Duration,
    /// What can be copied in one piece, in bytes; beyond that it is done in such pieces. At least 5 MiB.
    pub copy: u64,
}

impl Default for Sizes {
    fn default() -> Self {
        Self { part: 8 << 20, memory: 32 << 20, patience: Duration::from_secs(5), copy: 1 << 30 }
    }
}

impl Sizes {
    /// Of the part with that number, counted from 0; none if there may be no more.
    pub(super) fn part(&self, number: usize) -> Option<usize> {
        let part = usize::try_from(self.part).ok()?;
        match number {
            0..4000 => Some(part),
            4000..7000 => Some(2 * part),
            7000..PARTS => Some(4 * part),
            _ => None,
        }
    }

    /// What a blob may have, in bytes.
    pub(super) fn most(&self) -> u64 {
        u64::from(self.part) * (4000 + 2 * 3000 + 4 * 3000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_as_many_as_there_may_be() {
        let sizes = Sizes::default();
        let lengths: Vec<_> = (0..).map_while(|number| sizes.part(number)).collect();
        assert_eq!((lengths.len(), lengths.iter().sum::<usize>() as u64), (PARTS, sizes.most()));
        assert!(lengths.is_sorted() && lengths[0] >= 5 << 20);
        assert!(lengths[PARTS - 1] <= sizes.memory as usize, "the last part can be held");
        assert!(sizes.most() > 160 << 30);
    }
}
