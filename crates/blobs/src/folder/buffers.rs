//! Memory that is read into, used again and again.
//!
//! Fresh memory of this size comes from the kernel, page by page, zeroed: that costs as much as reading into it.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

/// What is read at once, in bytes: it fits into the cache of a core, so that it is still there when it is sent.
pub(super) const CHUNK: usize = 128 * 1024;

/// What is shorter gets memory of its own.
const SMALL: usize = 16 * 1024;

/// Buffers that wait to be used: 4 MiB.
const IDLE: usize = 32;

#[derive(Default)]
pub(super) struct Buffers {
    idle: Mutex<Vec<Vec<u8>>>,
}

impl Buffers {
    /// For at most `wanted` bytes; fewer if that is more than [`CHUNK`].
    pub(super) fn take(self: &Arc<Self>, wanted: usize) -> Buffer {
        if wanted <= SMALL {
            return Buffer { bytes: vec![0; wanted], wanted, home: None };
        }
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let bytes = idle.unwrap_or_else(|| vec![0; CHUNK]);
        Buffer { bytes, wanted: wanted.min(CHUNK), home: Some(Arc::clone(self)) }
    }
}

/// Goes back to where it came from when nobody looks at it any more.
pub(super) struct Buffer {
    bytes: Vec<u8>,
    wanted: usize,
    home: Option<Arc<Buffers>>,
}

impl Buffer {
    /// To be filled.
    pub(super) fn space(&mut self) -> &mut [u8] {
        &mut self.bytes[..self.wanted]
    }

    /// What the first `length` bytes were filled with.
    pub(super) fn filled(mut self, length: usize) -> Bytes {
        self.wanted = length.min(self.wanted);
        Bytes::from_owner(self)
    }
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[..self.wanted]
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let Some(home) = self.home.take() else { return };
        let mut idle = home.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE {
            idle.push(mem::take(&mut self.bytes));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_used_again_and_does_not_pile_up() {
        let buffers = Arc::<Buffers>::default();
        let many: Vec<_> = (0..IDLE + 3).map(|_| buffers.take(usize::MAX).filled(1)).collect();
        assert!(buffers.idle.lock().unwrap().is_empty());
        let first = many[0].as_ptr();
        drop(many);
        assert_eq!(buffers.idle.lock().unwrap().len(), IDLE);
        assert!(buffers.idle.lock().unwrap().iter().any(|buffer| buffer.as_ptr() == first));
        drop(buffers.take(SMALL));
        assert_eq!(buffers.idle.lock().unwrap().len(), IDLE);
    }
}
