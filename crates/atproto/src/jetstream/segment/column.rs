//! Little-endian numbers and stretches of bytes, taken from the front of a slice.

use super::SegmentError;

/// The rest of a part of a segment.
pub(super) struct Remaining<'a> {
    bytes: &'a [u8],
    /// The name of the part in errors.
    part: &'static str,
}

impl<'a> Remaining<'a> {
    pub(super) fn new(bytes: &'a [u8], part: &'static str) -> Self {
        Self { bytes, part }
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], SegmentError> {
        let (taken, rest) = self.bytes.split_at_checked(count).ok_or(SegmentError::Truncated(self.part))?;
        self.bytes = rest;
        Ok(taken)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(super) fn u16(&mut self) -> Result<u16, SegmentError> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    pub(super) fn u32(&mut self) -> Result<u32, SegmentError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub(super) fn u64(&mut self) -> Result<u64, SegmentError> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    pub(super) fn i64(&mut self) -> Result<i64, SegmentError> {
        Ok(i64::from_le_bytes(self.array()?))
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], SegmentError> {
        let (array, rest) = self.bytes.split_first_chunk::<N>().ok_or(SegmentError::Truncated(self.part))?;
        self.bytes = rest;
        Ok(*array)
    }
}

/// The `at`th number of a column whose length was checked.
pub(super) fn u64_at(column: &[u8], at: usize) -> u64 {
    column.as_chunks().0.get(at).map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

/// The same of signed numbers.
pub(super) fn i64_at(column: &[u8], at: usize) -> i64 {
    column.as_chunks().0.get(at).map_or(0, |bytes| i64::from_le_bytes(*bytes))
}
