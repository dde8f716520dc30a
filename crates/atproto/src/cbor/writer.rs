//! DAG-CBOR written item by item, into memory, so that nothing of it can fail. The order of a map's keys is the caller's
//! business: shorter first, then bytewise.

use crate::Cid;

/// A block in the making.
#[derive(Debug, Clone, Default)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes) }
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }

    /// So many pairs of key and value follow.
    pub(crate) fn map(&mut self, pairs: usize) -> &mut Self {
        self.head(5, pairs as u64)
    }

    /// So many items follow.
    pub(crate) fn array(&mut self, items: usize) -> &mut Self {
        self.head(4, items as u64)
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.head(3, text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
        self
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.head(2, bytes.len() as u64);
        self.bytes.extend_from_slice(bytes);
        self
    }

    pub(crate) fn integer(&mut self, number: i64) -> &mut Self {
        match u64::try_from(number) {
            Ok(number) => self.head(0, number),
            Err(_) => self.head(1, number.unsigned_abs() - 1),
        }
    }

    pub(crate) fn bool(&mut self, value: bool) -> &mut Self {
        self.bytes.push(0xf4 + u8::from(value));
        self
    }

    pub(crate) fn null(&mut self) -> &mut Self {
        self.bytes.push(0xf6);
        self
    }

    pub(crate) fn link(&mut self, cid: &Cid) -> &mut Self {
        // Tag 42, and a byte string of 37 bytes, the first of which is 0.
        self.bytes.extend_from_slice(&[0xd8, 42, 0x58, 37, 0]);
        self.bytes.extend_from_slice(&cid.to_bytes());
        self
    }

    pub(crate) fn link_or_null(&mut self, cid: Option<&Cid>) -> &mut Self {
        match cid {
            Some(cid) => self.link(cid),
            None => self.null(),
        }
    }

    /// The type of an item and a number in its shortest form.
    fn head(&mut self, kind: u8, number: u64) -> &mut Self {
        let kind = kind << 5;
        let be = number.to_be_bytes();
        match number {
            0..=23 => self.bytes.push(kind | be[7]),
            24..=0xff => self.bytes.extend_from_slice(&[kind | 0x18, be[7]]),
            0x100..=0xffff => self.bytes.extend_from_slice(&[kind | 0x19, be[6], be[7]]),
            0x1_0000..=0xffff_ffff => {
                self.bytes.push(kind | 0x1a);
                self.bytes.extend_from_slice(&be[4..]);
            }
            _ => {
                self.bytes.push(kind | 0x1b);
                self.bytes.extend_from_slice(&be);
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cbor::{Item, Reader};

    #[test]
    fn is_read_as_it_was_meant() {
        let cid = Cid::dag_cbor_sha256(b"x");
        for number in [0, 23, 24, 255, 256, 65_535, 65_536, 1 << 32, i64::MAX] {
            let mut writer = Writer::default();
            writer.integer(number).integer(-1 - number);
            let bytes = writer.finish();
            let mut reader = Reader::new(&bytes);
            assert_eq!(reader.item(), Ok(Item::Unsigned(number.unsigned_abs())));
            assert_eq!(reader.item(), Ok(Item::Negative(number.unsigned_abs())));
            assert_eq!(reader.end(), Ok(()));
        }
        let mut writer = Writer::default();
        writer.map(2).text("a").array(3).bool(true).null().link(&cid).text("b").bytes(&[7; 300]);
        let bytes = writer.finish();
        let mut reader = Reader::new(&bytes);
        for item in [
            Item::Map(2),
            Item::Text("a"),
            Item::Array(3),
            Item::Bool(true),
            Item::Null,
            Item::Link(cid),
            Item::Text("b"),
            Item::Bytes(&[7; 300]),
        ] {
            assert_eq!(reader.item(), Ok(item));
        }
        assert_eq!(reader.end(), Ok(()));
    }
}
