//! What a message says that it is.

use super::{FrameError, key, once, pairs};
use crate::cbor::{Item, Reader};

/// The first of a message's two values.
pub(crate) enum Header<'b> {
    /// A message of this type, such as `#commit`.
    Message(&'b str),
    /// The last message of a stream that the server ends.
    Error,
}

impl<'b> Header<'b> {
    pub(crate) fn read(reader: &mut Reader<'b>) -> Result<Self, FrameError> {
        let (mut operation, mut kind) = (None, None);
        for _ in 0..pairs(reader)? {
            match key(reader)? {
                "op" => once(&mut operation, reader.item()?)?,
                "t" => once(&mut kind, reader.item()?)?,
                _ => reader.skip()?,
            }
        }
        match (operation, kind) {
            (Some(Item::Unsigned(1)), Some(Item::Text(kind))) => Ok(Self::Message(kind)),
            // Only −1 is defined; whatever else a stream says in the negative is no message either.
            (Some(Item::Negative(_)), _) => Ok(Self::Error),
            _ => Err(FrameError::WrongShape("its header has no operation or no type")),
        }
    }
}
