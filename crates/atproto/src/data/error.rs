//! Why a document from outside is refused, or has no CID.

/// JSON, or a record in DAG-CBOR, that must be dropped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DataError {
    /// Larger than [`Limits::bytes`](super::Limits::bytes).
    #[error("the JSON is {bytes} bytes long, at most {limit} are allowed")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The bound.
        limit: usize,
    },
    /// Nested beyond [`Limits::depth`](super::Limits::depth).
    #[error("the JSON is nested more than {limit} levels deep")]
    TooDeep {
        /// The bound.
        limit: usize,
    },
    /// Bytes that are not text.
    #[error("the JSON is not UTF-8")]
    NotUtf8,
    /// Text that is not JSON.
    #[error("this is not JSON: {0}")]
    NotJson(String),
    /// A string, a number, an array, …
    #[error("the JSON is not an object")]
    NotAnObject,
    /// Readers disagree on which of the two counts, so what one verifies another would not see.
    #[error("the key {0:?} appears twice in one object")]
    DuplicateKey(String),
    /// A key the JSON library gives a meaning of its own: a parser would read its value as JSON again, level after
    /// level, past every depth limit.
    #[error("the key {0:?} is reserved")]
    ReservedKey(String),
    /// A block that is not DAG-CBOR in its one canonical form.
    #[error("this is not DAG-CBOR: {0}")]
    NotDagCbor(&'static str),
    /// A map of DAG-CBOR that as JSON would be read as another value, one with another CID.
    #[error("a map whose only key is {0:?} cannot be told from what JSON writes so")]
    Ambiguous(String),
}

impl DataError {
    /// A short name for metrics.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::TooDeep { .. } => "too_deep",
            Self::NotUtf8 => "not_utf8",
            Self::NotJson(_) => "not_json",
            Self::NotAnObject => "not_an_object",
            Self::DuplicateKey(_) => "duplicate_key",
            Self::ReservedKey(_) => "reserved_key",
            Self::NotDagCbor(_) => "not_dag_cbor",
            Self::Ambiguous(_) => "ambiguous",
        }
    }
}

/// Why a record that may be stored has no CID: it lies outside the protocol's data model, so no repository can
/// contain it in this form and there is nothing to compare an announced CID with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotEncodable {
    /// A fraction, or an integer beyond ±(2⁵³ − 1).
    #[error("{0}")]
    Number(String),
    /// A `$link` to a CID of a kind the protocol does not use.
    #[error("{0}")]
    Link(String),
    /// Half of a surrogate pair (`"\ud800"`), which is JSON but not Unicode.
    #[error("a string contains half of a surrogate pair")]
    LoneSurrogate,
}
