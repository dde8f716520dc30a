//! A part that is being filled.

use std::time::Instant;

use bytes::{Bytes, BytesMut};

use crate::objects::budget::Memory;

/// What a part may have without asking for memory: small blobs wait for nobody.
pub(super) const FREE: usize = 64 << 10;

/// What came and was not sent.
pub(super) struct Part {
    bytes: BytesMut,
    size: usize,
    memory: Option<Memory>,
    since: Instant,
}

impl Part {
    pub(super) fn new(size: usize) -> Self {
        Self { bytes: BytesMut::new(), size, memory: None, since: Instant::now() }
    }

    /// All that it will have.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    pub(super) fn length(&self) -> usize {
        self.bytes.len()
    }

    /// What fits into it now.
    pub(super) fn room(&self) -> usize {
        let most = if self.memory.is_some() { self.size } else { FREE.min(self.size) };
        most - self.bytes.len()
    }

    pub(super) fn is_full(&self) -> bool {
        self.bytes.len() == self.size
    }

    /// From now on it may have all.
    pub(super) fn give(&mut self, memory: Memory) {
        self.bytes.reserve(self.size - self.bytes.len());
        (self.memory, self.since) = (Some(memory), Instant::now());
    }

    /// Since when it has memory that others may want.
    pub(super) fn held_since(&self) -> Option<Instant> {
        self.memory.as_ref().map(|_| self.since)
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// What is in it, and its memory, which is kept until that is sent.
    pub(super) fn into_bytes(self) -> (Bytes, Option<Memory>) {
        (self.bytes.freeze(), self.memory)
    }
}
