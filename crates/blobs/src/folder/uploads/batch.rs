//! What is written at once.

use std::io::IoSlice;
use std::mem;

use bytes::{Bytes, BytesMut};

/// Bytes after which a batch is written: enough that handing it to another thread is cheap in comparison.
const FULL: usize = 512 * 1024;

/// Pieces that are shorter are copied together: what describes a piece, and whatever memory it keeps, would outweigh it.
const SMALL: usize = 8 * 1024;

/// Pieces in the order in which they came. At most about a hundred, each as it was received.
#[derive(Default)]
pub(super) struct Batch {
    pieces: Vec<Bytes>,
    small: BytesMut,
    length: usize,
}

impl Batch {
    pub(super) fn push(&mut self, piece: Bytes) {
        self.length += piece.len();
        if piece.len() < SMALL {
            self.small.extend_from_slice(&piece);
        } else {
            self.seal();
            self.pieces.push(piece);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.length == 0
    }

    pub(super) fn is_full(&self) -> bool {
        self.length >= FULL
    }

    fn seal(&mut self) {
        if !self.small.is_empty() {
            self.pieces.push(mem::take(&mut self.small).freeze());
        }
    }

    /// All of it, in order.
    pub(super) fn slices(&mut self) -> Vec<IoSlice<'_>> {
        self.seal();
        self.pieces.iter().map(|piece| IoSlice::new(piece)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_order_and_few_pieces() {
        let mut batch = Batch::default();
        let mut expected = Vec::new();
        assert!(batch.is_empty() && !batch.is_full());
        for (place, length) in
            [1, 2, SMALL, 0, 3, SMALL - 1, SMALL + 1].into_iter().cycle().take(70).enumerate()
        {
            let piece = vec![u8::try_from(place).unwrap(); length];
            expected.extend_from_slice(&piece);
            batch.push(piece.into());
        }
        let slices = batch.slices();
        assert_eq!(slices.iter().flat_map(|slice| slice.to_vec()).collect::<Vec<_>>(), expected);
        assert_eq!(slices.len(), 40);
    }

    #[test]
    fn tiny_pieces_become_one() {
        let mut batch = Batch::default();
        while !batch.is_full() {
            batch.push(Bytes::from_static(b"x"));
        }
        assert_eq!(batch.slices().len(), 1);
    }
}
