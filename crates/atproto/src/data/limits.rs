//! How much JSON from outside is looked at.

/// Bounds of one JSON document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of JSON text.
    pub bytes: usize,
    /// Objects and arrays inside each other, the outermost included; at most [`Limits::MAX_DEPTH`] takes effect.
    pub depth: usize,
}

impl Limits {
    /// The deepest nesting the JSON parser follows.
    pub const MAX_DEPTH: usize = 126;
}

impl Default for Limits {
    /// The protocol's 1 MB of a record. 100 levels leave room for the envelopes a record is served in before a
    /// client's parser stops (most at 128); SQLite stops at 1000.
    fn default() -> Self {
        Self { bytes: 1 << 20, depth: 100 }
    }
}
