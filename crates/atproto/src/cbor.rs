//! DAG-CBOR read item by item, so that nothing is built that the reader does not ask for, and written the same way.

mod writer;

pub(crate) use writer::Writer;

use crate::Cid;

/// What stands next in a block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Item<'b> {
    Unsigned(u64),
    /// −1 minus this.
    Negative(u64),
    Bytes(&'b [u8]),
    Text(&'b str),
    /// So many items follow.
    Array(usize),
    /// So many pairs follow, each a [`key`](Reader::key) and a value.
    Map(usize),
    Link(Cid),
    Null,
    Bool(bool),
    /// Never infinite, never NaN.
    Float(f64),
}

/// Why bytes are not the DAG-CBOR that was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed(pub(crate) &'static str);

/// A position in a block. Only the canonical encoding is read: one value has one encoding and so one CID.
#[derive(Clone)]
pub(crate) struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Reader<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Bytes read so far.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    pub(crate) fn remaining(&self) -> usize {
        self.bytes.len() - self.at
    }

    /// The next item. Of arrays and maps only the beginning: their length is never more than the rest of the
    /// bytes can hold, so that loops over it end soon.
    pub(crate) fn item(&mut self) -> Result<Item<'b>, Malformed> {
        let [first] = self.fixed()?;
        let short = first & 0x1f;
        Ok(match first >> 5 {
            0 => Item::Unsigned(self.argument(short)?),
            1 => Item::Negative(self.argument(short)?),
            2 => Item::Bytes(self.string(short)?),
            3 => Item::Text(text(self.string(short)?)?),
            4 => Item::Array(self.count(short, 1)?),
            5 => Item::Map(self.count(short, 2)?),
            6 => Item::Link(self.tagged_link(short)?),
            _ => match short {
                20 => Item::Bool(false),
                21 => Item::Bool(true),
                22 => Item::Null,
                27 => Item::Float(finite(f64::from_be_bytes(self.fixed()?))?),
                _ => {
                    return Err(Malformed(
                        "a simple value other than true, false and null, or a short float",
                    ));
                }
            },
        })
    }

    /// The next key of a map, which comes after `previous` in the canonical order: shorter first, then
    /// bytewise.
    pub(crate) fn key(&mut self, previous: &mut Option<&'b str>) -> Result<&'b str, Malformed> {
        let Item::Text(key) = self.item()? else { return Err(Malformed("a map's key is not text")) };
        if previous.is_some_and(|previous| (previous.len(), previous) >= (key.len(), key)) {
            return Err(Malformed("a map's keys are not in canonical order"));
        }
        *previous = Some(key);
        Ok(key)
    }

    /// The end of the block.
    pub(crate) fn end(&self) -> Result<(), Malformed> {
        if self.remaining() == 0 { Ok(()) } else { Err(Malformed("bytes follow the value")) }
    }

    /// Passes over one value whatever it contains, but for the order of keys in it.
    pub(crate) fn skip(&mut self) -> Result<(), Malformed> {
        let mut pending = 1_usize;
        while pending > 0 {
            pending -= 1;
            pending += match self.item()? {
                Item::Array(items) => items,
                Item::Map(pairs) => 2 * pairs,
                _ => 0,
            };
        }
        Ok(())
    }

    fn take(&mut self, bytes: usize) -> Result<&'b [u8], Malformed> {
        let taken =
            self.bytes[self.at..].get(..bytes).ok_or(Malformed("the bytes end in the middle of a value"))?;
        self.at += bytes;
        Ok(taken)
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (fixed, _) = self.bytes[self.at..]
            .split_first_chunk()
            .ok_or(Malformed("the bytes end in the middle of a value"))?;
        self.at += N;
        Ok(*fixed)
    }

    fn argument(&mut self, short: u8) -> Result<u64, Malformed> {
        let (argument, least) = match short {
            0..=23 => return Ok(u64::from(short)),
            24 => (u64::from(u8::from_be_bytes(self.fixed()?)), 24),
            25 => (u64::from(u16::from_be_bytes(self.fixed()?)), 1 << 8),
            26 => (u64::from(u32::from_be_bytes(self.fixed()?)), 1 << 16),
            27 => (u64::from_be_bytes(self.fixed()?), 1 << 32),
            _ => return Err(Malformed("an indefinite or reserved length")),
        };
        if argument < least { Err(Malformed("a number is not in its shortest form")) } else { Ok(argument) }
    }

    fn string(&mut self, short: u8) -> Result<&'b [u8], Malformed> {
        let bytes = self.argument(short)?;
        self.take(usize::try_from(bytes).unwrap_or(usize::MAX))
    }

    fn count(&mut self, short: u8, items_each: usize) -> Result<usize, Malformed> {
        let count = usize::try_from(self.argument(short)?).unwrap_or(usize::MAX);
        if count > self.remaining() / items_each {
            return Err(Malformed("an array or a map is longer than the bytes"));
        }
        Ok(count)
    }

    fn tagged_link(&mut self, short: u8) -> Result<Cid, Malformed> {
        if self.argument(short)? != 42 {
            return Err(Malformed("a tag other than that of links"));
        }
        // A byte string of 37 bytes, the first of which is 0.
        let [0x58, 37, 0] = self.fixed()? else { return Err(Malformed("a link to no CID of the protocol")) };
        Cid::from_bytes(self.take(36)?).ok_or(Malformed("a link to no CID of the protocol"))
    }
}

fn text(bytes: &[u8]) -> Result<&str, Malformed> {
    str::from_utf8(bytes).map_err(|_| Malformed("text is not UTF-8"))
}

fn finite(float: f64) -> Result<f64, Malformed> {
    if float.is_finite() { Ok(float) } else { Err(Malformed("a number is not finite")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(bytes: &[u8]) -> &'static str {
        let mut reader = Reader::new(bytes);
        reader.skip().and_then(|()| reader.end()).unwrap_err().0
    }

    #[test]
    fn reads_every_kind_of_item() {
        for (bytes, item) in [
            (&[0x17][..], Item::Unsigned(23)),
            (&[0x18, 24], Item::Unsigned(24)),
            (&[0x1b, 0, 0, 0, 1, 0, 0, 0, 0], Item::Unsigned(1 << 32)),
            (&[0x20], Item::Negative(0)),
            (&[0x42, 1, 2], Item::Bytes(&[1, 2])),
            (&[0x62, 0xc3, 0xb6], Item::Text("ö")),
            (&[0xf4], Item::Bool(false)),
            (&[0xf5], Item::Bool(true)),
            (&[0xf6], Item::Null),
            (&[0xfb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0], Item::Float(1.5)),
            (&[0x80], Item::Array(0)),
            (&[0xa0], Item::Map(0)),
        ] {
            assert_eq!(Reader::new(bytes).item(), Ok(item));
        }
        let cid = Cid::dag_cbor_sha256(b"x");
        let link = [&[0xd8, 42, 0x58, 37, 0][..], &cid.to_bytes()].concat();
        assert_eq!(Reader::new(&link).item(), Ok(Item::Link(cid)));
    }

    #[test]
    fn refuses_every_other_encoding() {
        for bytes in [&[][..], &[0x18], &[0x42, 1], &[0x62, 0xc3], &[0x81], &[0xfb, 0], &[0xd8, 42, 0x58]] {
            assert!(Reader::new(bytes).skip().is_err(), "{bytes:?}");
        }
        for bytes in [
            &[0x18, 23][..],
            &[0x19, 0, 255],
            &[0x1a, 0, 0, 255, 255],
            &[0x1b, 0, 0, 0, 0, 255, 255, 255, 255],
        ] {
            assert_eq!(fault(bytes), "a number is not in its shortest form");
        }
        assert_eq!(fault(&[0x9f, 0xff]), "an indefinite or reserved length");
        assert_eq!(
            fault(&[0x9b, 255, 255, 255, 255, 255, 255, 255, 255]),
            "an array or a map is longer than the bytes"
        );
        assert_eq!(fault(&[0xa2, 0x60, 0]), "an array or a map is longer than the bytes");
        assert_eq!(fault(&[0x61, 0xff]), "text is not UTF-8");
        assert_eq!(fault(&[0xfb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0]), "a number is not finite");
        assert_eq!(fault(&[0xfb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0]), "a number is not finite");
        assert_eq!(fault(&[0xc1, 0]), "a tag other than that of links");
        assert_eq!(fault(&[0xd8, 42, 0x42, 0, 1]), "a link to no CID of the protocol");
        assert_eq!(fault(&[0, 0]), "bytes follow the value");
        for simple in [0xf7, 0xf8, 0xf9, 0xfa, 0xe0] {
            assert!(fault(&[simple, 0, 0, 0, 0]).starts_with("a simple value"));
        }
    }

    #[test]
    fn keys_are_text_in_order() {
        let keys = |bytes| {
            let mut reader = Reader::new(bytes);
            let mut previous = None;
            reader.key(&mut previous).and_then(|_| reader.key(&mut previous)).map(|_| ())
        };
        assert_eq!(keys(b"\x61z\x62aa"), Ok(()));
        assert_eq!(keys(b"\x61a\x61b"), Ok(()));
        for bytes in [b"\x62aa\x61z".as_slice(), b"\x61b\x61a", b"\x61a\x61a"] {
            assert_eq!(keys(bytes), Err(Malformed("a map's keys are not in canonical order")));
        }
        assert_eq!(keys(&[0, 0]), Err(Malformed("a map's key is not text")));
    }
}
