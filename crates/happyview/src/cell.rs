//! One value, of whatever type it was stored as.

/// Longer values are nothing that this reader knows: a logo of 5 MB in base64 fits.
pub(crate) const MAX_BYTES: usize = 8 << 20;

/// What is in a column of a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Null,
    Int(i64),
    Real(f64),
    Text(String),
    Bytes(Vec<u8>),
    /// More than [`MAX_BYTES`].
    TooLong,
    /// Text that is not UTF-8.
    Garbled,
}

impl Cell {
    pub(crate) fn text(text: String) -> Self {
        if text.len() > MAX_BYTES { Self::TooLong } else { Self::Text(text) }
    }

    pub(crate) fn bytes(bytes: Vec<u8>) -> Self {
        if bytes.len() > MAX_BYTES { Self::TooLong } else { Self::Bytes(bytes) }
    }
}
