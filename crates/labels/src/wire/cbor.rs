//! As much of DAG-CBOR as the frames of a label stream need, read item by item: nothing is built that nobody asks for.

/// What stands next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item<'b> {
    Unsigned(u64),
    Negative,
    Bytes(&'b [u8]),
    Text(&'b str),
    /// So many items follow.
    Array(usize),
    /// So many pairs follow.
    Map(usize),
    Bool(bool),
    /// Null, a float, a link: nothing that a frame has use for.
    Other,
}

/// Why bytes are not the DAG-CBOR that was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed(pub(super) &'static str);

/// A position in a frame.
#[derive(Clone)]
pub(super) struct Reader<'b> {
    rest: &'b [u8],
}

impl<'b> Reader<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The next item. Of arrays and maps only the beginning: their length is never more than the rest of the bytes can
    /// hold, so that loops over it end soon.
    pub(super) fn item(&mut self) -> Result<Item<'b>, Malformed> {
        let [first] = self.fixed()?;
        let short = first & 0x1f;
        Ok(match first >> 5 {
            0 => Item::Unsigned(self.argument(short)?),
            1 => {
                self.argument(short)?;
                Item::Negative
            }
            2 => Item::Bytes(self.string(short)?),
            3 => {
                let text = str::from_utf8(self.string(short)?);
                Item::Text(text.map_err(|_| Malformed("text is not UTF-8"))?)
            }
            4 => Item::Array(self.count(short, 1)?),
            5 => Item::Map(self.count(short, 2)?),
            6 => {
                self.argument(short)?;
                // The bytes of a link. Not any item: tags of tags would go as deep as the frame is long.
                let [bytes] = self.fixed()?;
                if bytes >> 5 != 2 {
                    return Err(Malformed("a tag other than that of links"));
                }
                self.string(bytes & 0x1f)?;
                Item::Other
            }
            _ => match short {
                20 => Item::Bool(false),
                21 => Item::Bool(true),
                22 => Item::Other,
                27 => {
                    self.take(8)?;
                    Item::Other
                }
                _ => {
                    return Err(Malformed(
                        "a simple value other than true, false and null, or a short float",
                    ));
                }
            },
        })
    }

    /// Passes over one value whatever it contains.
    pub(super) fn skip(&mut self) -> Result<(), Malformed> {
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

    /// The end of the frame.
    pub(super) fn end(&self) -> Result<(), Malformed> {
        if self.rest.is_empty() { Ok(()) } else { Err(Malformed("bytes follow the message")) }
    }

    fn take(&mut self, bytes: usize) -> Result<&'b [u8], Malformed> {
        let (taken, rest) = self.rest.split_at_checked(bytes).ok_or(ENDED)?;
        self.rest = rest;
        Ok(taken)
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (fixed, rest) = self.rest.split_first_chunk().ok_or(ENDED)?;
        self.rest = rest;
        Ok(*fixed)
    }

    fn argument(&mut self, short: u8) -> Result<u64, Malformed> {
        Ok(match short {
            0..=23 => u64::from(short),
            24 => u64::from(u8::from_be_bytes(self.fixed()?)),
            25 => u64::from(u16::from_be_bytes(self.fixed()?)),
            26 => u64::from(u32::from_be_bytes(self.fixed()?)),
            27 => u64::from_be_bytes(self.fixed()?),
            _ => return Err(Malformed("an indefinite or reserved length")),
        })
    }

    fn string(&mut self, short: u8) -> Result<&'b [u8], Malformed> {
        let bytes = self.argument(short)?;
        self.take(usize::try_from(bytes).unwrap_or(usize::MAX))
    }

    fn count(&mut self, short: u8, items_each: usize) -> Result<usize, Malformed> {
        let count = usize::try_from(self.argument(short)?).unwrap_or(usize::MAX);
        if count > self.rest.len() / items_each {
            return Err(Malformed("an array or a map is longer than the bytes"));
        }
        Ok(count)
    }
}

const ENDED: Malformed = Malformed("the bytes end in the middle of a value");

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(bytes: &[u8]) -> &'static str {
        let mut reader = Reader::new(bytes);
        reader.skip().and_then(|()| reader.end()).unwrap_err().0
    }

    #[test]
    fn reads_what_frames_have() {
        for (bytes, item) in [
            (&[0x17][..], Item::Unsigned(23)),
            (&[0x1b, 0, 0, 0, 1, 0, 0, 0, 0], Item::Unsigned(1 << 32)),
            (&[0x20], Item::Negative),
            (&[0x42, 1, 2], Item::Bytes(&[1, 2])),
            (&[0x62, 0xc3, 0xb6], Item::Text("ö")),
            (&[0xf5], Item::Bool(true)),
            (&[0xf6], Item::Other),
            (&[0xfb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0], Item::Other),
            (&[0xd8, 42, 0x42, 0, 1], Item::Other),
            (&[0x80], Item::Array(0)),
            (&[0xa0], Item::Map(0)),
        ] {
            let mut reader = Reader::new(bytes);
            assert_eq!(reader.item(), Ok(item));
            assert_eq!(reader.end(), Ok(()));
        }
    }

    #[test]
    fn promises_are_held_against_the_bytes() {
        assert_eq!(fault(&[]), "the bytes end in the middle of a value");
        assert_eq!(
            fault(&[0x5b, 255, 255, 255, 255, 255, 255, 255, 255]),
            "the bytes end in the middle of a value"
        );
        assert_eq!(
            fault(&[0x9b, 255, 255, 255, 255, 255, 255, 255, 255]),
            "an array or a map is longer than the bytes"
        );
        assert_eq!(fault(&[0xa2, 0x60, 0]), "an array or a map is longer than the bytes");
        assert_eq!(fault(&[0x9f, 0xff]), "an indefinite or reserved length");
        assert_eq!(fault(&[0x61, 0xff]), "text is not UTF-8");
        assert_eq!(fault(&[0, 0]), "bytes follow the message");
    }

    #[test]
    fn depth_costs_no_stack() {
        assert_eq!(fault(&vec![0xc6; 1 << 20]), "a tag other than that of links");
        assert_eq!(fault(&vec![0x81; 1 << 20]), "an array or a map is longer than the bytes");
    }
}
