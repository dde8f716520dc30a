//! What can be wrong with a question, or with answering it.

use std::time::Duration;

/// A question that cannot be answered. The words reach the author of the script that asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused or could not be reached.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// An argument is missing or of the wrong kind.
    #[error("{name} must be {expected}")]
    Argument {
        /// As the script spells it.
        name: &'static str,
        /// What it should have been.
        expected: &'static str,
    },
    /// Not a path inside a record.
    #[error("invalid filter field {0:?}: {RULE}", RULE = crate::path::RULE)]
    FilterField(String),
    /// Neither a column nor a path inside a record.
    #[error("invalid sort field {0:?}: indexed_at, did, uri, or a path inside the record: {RULE}", RULE = crate::path::RULE)]
    SortField(String),
    /// Not a path inside a record.
    #[error("invalid search field {0:?}: {RULE}", RULE = crate::path::RULE)]
    SearchField(String),
    /// Groups within groups within groups.
    #[error("filter nesting too deep (max {} levels)", crate::filter::MAX_DEPTH)]
    FilterDepth,
    /// More than a statement should hold.
    #[error("filter too large (max {} conditions and groups)", crate::filter::MAX_NODES)]
    FilterSize,
    /// A group without anything in it, which could mean everything or nothing.
    #[error("filter group is empty: give it at least one condition, or pass no filter")]
    EmptyGroup,
    /// A cursor that was not given out for such a query.
    #[error("malformed cursor: pass the cursor of the previous page of the same query unchanged, or none")]
    Cursor,
    /// The answer was not found in time.
    #[error(
        "the query looked at too many records (stopped after {} s): ask for one author, or for what a filter \
         finds sooner",
        .0.as_secs_f64()
    )]
    TimeLimit(Duration),
}

impl Error {
    /// Whether the same question may be answered later without any change to it.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_transient())
    }
}

/// The beginning of what somebody wrote, short enough for a message.
pub(crate) fn excerpt(text: &str) -> String {
    const CHARS: usize = 64;
    match text.char_indices().nth(CHARS) {
        Some((end, _)) => [&text[..end], "…"].concat(),
        None => text.to_owned(),
    }
}
