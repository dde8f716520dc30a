//! CAR files (version 1) as they are written: roots, then blocks in any order.

use crate::Cid;
use crate::cbor::Writer;

/// A CAR file in the making.
#[derive(Debug, Clone)]
pub struct CarWriter {
    bytes: Vec<u8>,
}

impl CarWriter {
    /// A file with this root, and no block yet.
    #[must_use]
    pub fn new(root: &Cid) -> Self {
        let mut header = Writer::with_capacity(64);
        header.map(2).text("roots").array(1).link(root).text("version").integer(1);
        let header = header.finish();
        let mut car = Self { bytes: Vec::with_capacity(4096) };
        car.length(header.len());
        car.bytes.extend_from_slice(&header);
        car
    }

    /// Adds a block.
    pub fn block(&mut self, cid: &Cid, content: &[u8]) {
        let cid = cid.to_bytes();
        self.length(cid.len() + content.len());
        self.bytes.extend_from_slice(&cid);
        self.bytes.extend_from_slice(content);
    }

    /// Bytes that were written and not yet taken.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.bytes.len()
    }

    /// Takes what has been written since the last time: a long file need not be one piece.
    #[must_use]
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }

    /// An unsigned varint.
    fn length(&mut self, length: usize) {
        let mut rest = length;
        while rest > 0x7f {
            self.bytes.push(rest.to_le_bytes()[0] | 0x80);
            rest >>= 7;
        }
        self.bytes.push(rest.to_le_bytes()[0]);
    }
}
